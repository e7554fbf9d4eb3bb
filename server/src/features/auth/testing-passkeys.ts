/** People with passkeys, for tests. */
import { randomBytes } from 'node:crypto'
import type { TestClient } from '../../app/testing.ts'
import { hashToken } from '../../platform/secrets.ts'
import { type Lies, SoftPasskey } from './testing-authenticator.ts'
import { type Server, api, query } from './testing.ts'

export const passkeysUrl = `${api}/auth/passkeys`
export const passkeySignIn = `${passkeysUrl}/sign-in`
export const secondOptions = `${api}/auth/login/verify-2fa/passkey-options`
export const stepUpOptions = `${api}/auth/step-up/passkey-options`

/** What a route asks an authenticator. */
export async function question(client: TestClient, url: string, body?: unknown) {
  const reply = await client.post(url, body)
  if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}: ${reply.text}`)
  return reply.body.data
}

/** Many questions at once: one that was asked, and copies of it with challenges of their own. */
export async function copyQuestion<Asked extends { challenge: string }>(
  server: Server,
  asked: Asked,
  count: number,
): Promise<Asked[]> {
  const challenges = Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
  await query(
    server,
    `insert into auth_passkey_challenges (id, ceremony, hash, bound_to, user_id, expires_at)
     select gen_random_uuid(), ceremony, copy.hash, bound_to, user_id, expires_at
     from auth_passkey_challenges c, unnest($2::bytea[]) as copy(hash) where c.hash = $1`,
    [hashToken(asked.challenge), challenges.map(hashToken)],
  )
  return challenges.map((challenge) => ({ ...asked, challenge }))
}

/** Asks for a new passkey and answers. */
export async function register(client: TestClient, passkey: SoftPasskey, lies: Lies = {}) {
  const options = await question(client, `${passkeysUrl}/options`)
  return client.post(passkeysUrl, { name: 'Laptop', passkey: passkey.create(options, lies) })
}

/** Somebody who is signed in by tokens and has a passkey. */
export async function givenPasskey(server: Server, role = 'member') {
  const person = await server.as(role)
  return { ...person, ...(await addPasskey(person)) }
}

export async function addPasskey(client: TestClient, passkey = new SoftPasskey()) {
  const reply = await register(client, passkey)
  if (reply.status !== 201) throw new Error(`registering answered ${reply.status}: ${reply.text}`)
  return { passkey, passkeyId: String(reply.body.data.id) }
}

/** Signs in as a client without cookies does. */
export async function signInWith(server: Server, passkey: SoftPasskey, lies: Lies = {}) {
  const options = await question(server.anonymous, `${passkeySignIn}/options`)
  const body = { passkey: passkey.get(options, lies), mode: 'token' }
  return server.anonymous.post(passkeySignIn, body)
}
