/** People for tests: who registers, reads their mail, signs in with a browser; and many of them at once. */
import { randomBytes } from 'node:crypto'
import { env } from 'node:process'
import { eq } from 'drizzle-orm'
import { roomJobs } from '../../app/rooms.ts'
import { type Reply, type startServer, goodPassword } from '../../app/testing.ts'
import { jobOutbox } from '../../platform/tables.ts'
import { preLoginCookie, sessionCookie } from './cookies.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

export const api = '/api/v1'
export const me = `${api}/users/me`

/** An address nobody has used. */
export const newEmail = () => `${randomBytes(6).toString('hex')}@example.com`

/** A good password nobody else has. Of letters alone, because measuring digits takes twenty times as long. */
export const anyPassword = () =>
  String.fromCharCode(...Array.from(randomBytes(12), (byte) => 97 + (byte % 26)))

/** A window between looking and acting that exists would show: so many races, each of so many requests at once. */
export const rounds = Number(env['RACE_ROUNDS'] ?? 10)
export const crowd = 20

/** Sends the same thing `count` times at once. */
export const together = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)))

/** How often each status was answered: `{ 200: 1, 412: 19 }`. */
export function tally(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** What a caller can tell two answers apart by: everything but the request's own id and the time. */
export function visiblePartsOf({ status, headers, body }: Reply) {
  const { 'x-request-id': _id, date: _date, ...rest } = headers
  return { status, headers: rest, body: { ...body, requestId: null } as unknown }
}

/** Runs the jobs that wait in the outbox, and those that they want done, as the workers would. */
export async function deliverMails(server: Server): Promise<void> {
  const { signal } = new AbortController()
  for (;;) {
    const rows = await server.db.select().from(jobOutbox).orderBy(jobOutbox.id)
    if (rows.length === 0) return
    for (const row of rows) {
      const job = roomJobs.find(({ name }) => name === row.name)
      await job?.run(server.ctx(), row.payload as never, signal)
      await server.db.delete(jobOutbox).where(eq(jobOutbox.id, row.id))
    }
  }
}

export type Proof = { readonly token: string; readonly code: string }

/** The link tokens and codes in somebody's mailbox, oldest first. */
export async function findProofs(server: Server, email: string): Promise<Proof[]> {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /verify-email#token=([\w.-]+)/.exec(text)?.[1]
    const code = /\b(\d{6})\b/.exec(text)?.[1]
    return token && code ? [{ token, code }] : []
  })
}

/** The tokens of the reset links in somebody's mailbox, oldest first. */
export async function findResetTokens(server: Server, email: string): Promise<string[]> {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /\/reset-password#token=([\w.-]+)/.exec(text)?.[1]
    return token ? [token] : []
  })
}

/** The tokens of the links in somebody's mailbox that ask about a change of address, oldest first. */
export async function findChangeTokens(server: Server, email: string): Promise<string[]> {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /\/change-email#token=([\w.-]+)/.exec(text)?.[1]
    return token ? [token] : []
  })
}

export type Registration = { email?: string; password?: string; name?: string; username?: string }

/** Somebody registers and gets their mail; the address is not proven yet. */
export async function givenRegistration(server: Server, given: Registration = {}) {
  const input = { email: newEmail(), password: goodPassword, ...given }
  const reply = await server.anonymous.post(`${api}/auth/register`, input)
  if (reply.status !== 202) throw new Error(`registration answered ${reply.status}: ${reply.text}`)
  const proof = (await findProofs(server, input.email.toLowerCase())).at(-1)
  if (!proof) throw new Error('no mail came')
  return { ...input, ...proof, reply }
}

/** Somebody with a proven address, who is not signed in. */
export async function givenMember(server: Server, given: Registration = {}) {
  const person = await givenRegistration(server, given)
  const reply = await server.anonymous.post(`${api}/auth/verify-email`, { token: person.token })
  if (reply.status !== 200) throw new Error(`verification answered ${reply.status}: ${reply.text}`)
  return person
}

type Attempt = { password?: string; mode?: 'cookie' | 'token'; headers?: Record<string, string> }

export const signIn = (
  server: Server,
  email: string,
  { password = goodPassword, mode = 'token', headers = {} }: Attempt = {},
): Promise<Reply> => server.anonymous.post(`${api}/auth/login`, { email, password, mode }, headers)

/** The cookies an answer sets, by name, as their whole lines. */
export function cookieLinesOf(reply: Reply): Map<string, string> {
  const lines = [reply.headers['set-cookie'] ?? []].flat().map(String)
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line]))
}

/** The value of a cookie that an answer sets. */
export function cookieOf(reply: Reply, name: string = sessionCookie): string {
  const line = cookieLinesOf(reply).get(name)
  const value = line === undefined ? undefined : /^[^=]*=([^;]*)/.exec(line)?.[1]
  if (!value) throw new Error(`the answer sets no ${name}`)
  return value
}

/** A client that behaves like our own page in a browser. */
export function browserWith(server: Server, cookie: string, csrfToken: string) {
  return server.clientWith(null, headersOf(server, cookie, csrfToken))
}

const headersOf = (server: Server, cookie: string, csrfToken: string) => ({
  cookie: `${sessionCookie}=${cookie}`,
  origin: server.settings.publicUrl,
  'x-csrf-token': csrfToken,
})

/** A client with this access token or API key. */
export const bearerOf = (server: Server, token: string) =>
  server.clientWith(null, { authorization: `Bearer ${token}` })

/** Signs in with a cookie. */
export async function givenBrowser(server: Server, email: string) {
  const reply = await signIn(server, email, { mode: 'cookie' })
  const cookie = cookieOf(reply)
  const csrfToken = String(reply.body.data.csrfToken)
  const headers = headersOf(server, cookie, csrfToken)
  return { ...browserWith(server, cookie, csrfToken), headers, cookie, csrfToken, reply }
}

/** A visitor's cookie and a CSRF token for it, as a sign-in form fetches them. */
export async function givenVisitor(server: Server) {
  const reply = await server.anonymous.get(`${api}/csrf-token`)
  return {
    cookie: cookieOf(reply, preLoginCookie),
    csrfToken: String(reply.body.data.csrfToken),
  }
}

/** One statement as the owner of the database: what an attacker with a copy of it could read, or time could do. */
export async function query<Row extends object>(
  server: Server,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await server.owner.query<Row>(statement, values)).rows
}

/** How often something was done to somebody, as the facts have it. */
export async function countFacts(server: Server, name: string, subjectId: string | null) {
  const [row] = await query<{ count: number }>(
    server,
    `select count(*)::int as count from platform_events
     where name = $1 and subject_id = $2 and outcome = 'succeeded'`,
    [name, subjectId],
  )
  return row?.count ?? 0
}

/** Makes everybody forget what they cached about a user, as the command that changes them would. */
export const forgetUser = (server: Server, userId: string) =>
  server.ctx().tx((tx) => tx.invalidate(`user:${userId}`))
