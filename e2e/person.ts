/** A person with an account, who only knows the API. */
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

export type Person = { readonly email: string; readonly password: string }
export type Tokens = { readonly accessToken: string; readonly refreshToken: string }

const mailTimeoutMs = 30_000

export async function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** Registers and proves the address by the captured mail's link. */
export async function register(url: string): Promise<Person> {
  const person = {
    email: `p-${randomBytes(6).toString('hex')}@example.com`,
    password: `pass ${randomBytes(9).toString('base64url')}`,
  }
  const reply = await post(url, '/api/v1/auth/register', person)
  if (reply.status !== 202) throw new Error(`register: ${reply.status} ${await reply.text()}`)
  const [mail] = await mailsTo(url, person.email)
  const token = /token=(\S+)/.exec(mail?.text ?? '')?.[1]
  const verified = await post(url, '/api/v1/auth/verify-email', { token })
  if (verified.status !== 200)
    throw new Error(`verify: ${verified.status} ${await verified.text()}`)
  return person
}

/** The mails that arrived for an address; waits for the first. */
export async function mailsTo(url: string, email: string): Promise<{ text: string }[]> {
  const until = Date.now() + mailTimeoutMs
  for (;;) {
    const reply = await fetch(new URL(`/dev/mailbox?to=${encodeURIComponent(email)}`, url))
    const { data } = (await reply.json()) as { data: { text: string }[] }
    if (data.length > 0 || Date.now() > until) return data
    await pause(100)
  }
}

export async function signIn(url: string, person: Person): Promise<Tokens> {
  const reply = await post(url, '/api/v1/auth/login', { ...person, mode: 'token' })
  if (reply.status !== 200) throw new Error(`login: ${reply.status} ${await reply.text()}`)
  return ((await reply.json()) as { data: Tokens }).data
}

export async function whoami(url: string, { accessToken }: Tokens): Promise<number> {
  const reply = await fetch(new URL('/api/v1/users/me', url), {
    headers: { authorization: `Bearer ${accessToken}`, connection: 'close' },
  })
  await reply.arrayBuffer()
  return reply.status
}
