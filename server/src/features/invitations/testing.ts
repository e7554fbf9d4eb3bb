/** Invitations for tests: somebody invites, somebody reads their mail and accepts. */
import { goodPassword } from '../../app/testing.ts'
import { type Server, api, deliverMails, forgetUser, newEmail, query } from '../auth/testing.ts'
import { givenEnrolled } from '../twofa/testing.ts'

export const url = `${api}/invitations`

export type Inviter = Awaited<ReturnType<Server['as']>>

/** Somebody in this role with an authenticator, whose code was shown in this session. */
export async function givenInviter(server: Server, role = 'admin') {
  const inviter = await givenEnrolled(server, role)
  const elevated = 'update auth_sessions set elevated_at = now() where user_id = $1'
  await query(server, elevated, [inviter.user.id])
  await forgetUser(server, inviter.user.id)
  return inviter
}

/** The tokens of the invitations in somebody's mailbox, oldest first. */
export async function findTokens(server: Server, email: string): Promise<string[]> {
  await deliverMails(server)
  return (await server.mails(email)).flatMap(({ text }) => {
    const token = /\/accept-invitation#token=([\w.-]+)/.exec(text)?.[1]
    return token ? [token] : []
  })
}

type Input = { email?: string; role?: string; name?: string; message?: string }

/** Somebody is invited and gets their mail. */
export async function givenInvitation(server: Server, inviter: Inviter, given: Input = {}) {
  const input = { email: newEmail(), role: 'employee', ...given }
  const reply = await inviter.post(url, input)
  if (reply.status !== 201)
    throw new Error(`the invitation answered ${reply.status}: ${reply.text}`)
  const token = (await findTokens(server, input.email)).at(-1)
  if (!token) throw new Error('no mail came')
  return { ...input, id: String(reply.body.data.id), token, reply }
}

export const accept = (
  server: Pick<Server, 'anonymous'>,
  token: string,
  given: object = {},
  headers: Record<string, string> = {},
) =>
  server.anonymous.post(
    `${url}/accept`,
    { token, password: goodPassword, mode: 'token', ...given },
    headers,
  )

export const lookUp = (server: Pick<Server, 'anonymous'>, token: string) =>
  server.anonymous.post(`${url}/lookup`, { token })

type SeenFact = { name: string; outcome: string; data: unknown }

/** The facts of this room about one invitation, oldest first. */
export async function factsOf(server: Server, id: string): Promise<SeenFact[]> {
  return query<SeenFact>(
    server,
    `select replace(name, 'invitations.', '') as name, outcome, data from platform_events
     where subject_id = $1 and name like 'invitations.%' order by id`,
    [id],
  )
}
