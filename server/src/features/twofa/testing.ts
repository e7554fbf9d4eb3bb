/** People with a second factor, for tests: who enrols, and what their authenticator shows. */
import { Secret, TOTP } from 'otpauth'
import type { TestClient } from '../../app/testing.ts'
import { goodPassword } from '../../app/testing.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { type Server, api, query, signIn } from '../auth/testing.ts'

export const twofa = `${api}/twofa`
export const verify2fa = `${api}/auth/login/verify-2fa`
export const verifyBackup = `${api}/2fa/backup/verify`

/** What an authenticator with this secret shows so many seconds from now. */
export const codeOf = (secret: string, seconds = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + seconds * 1000,
  })

/** Six digits that are no code of this secret near this time. */
export function wrongCodeOf(secret: string): string {
  const near = new Set([-60, -30, 0, 30, 60].map((seconds) => codeOf(secret, seconds)))
  for (let guess = 0; ; guess += 1) {
    const code = String(guess).padStart(6, '0')
    if (!near.has(code)) return code
  }
}

/** As if time had passed since the last code: the one that is shown now has not been used. */
export const nextCode = async (server: Server, userId: string): Promise<void> => {
  await query(server, 'update twofa_factors set last_step = 0 where user_id = $1', [userId])
}

export async function setUp(client: TestClient): Promise<string> {
  const reply = await client.post(`${twofa}/setup`, { password: goodPassword })
  if (reply.status !== 200) throw new Error(`set-up answered ${reply.status}: ${reply.text}`)
  return reply.body.data.secret as string
}

type Enabled = { backupCodes: string[]; accessToken: string; refreshToken: string }

/** Somebody who is signed in by tokens turns their second factor on, and goes on with the new tokens. */
export async function enrol(server: Server, client: TestClient) {
  const secret = await setUp(client)
  const reply = await client.post(`${twofa}/enable`, { code: codeOf(secret) })
  if (reply.status !== 200) throw new Error(`enabling answered ${reply.status}: ${reply.text}`)
  await nextCode(server, client.userId ?? '')
  const { backupCodes, accessToken, refreshToken } = reply.body.data as Enabled
  return { secret, backupCodes, accessToken, refreshToken }
}

/** Somebody with a second factor and a live session. */
export async function givenEnrolled(server: Server, role = 'member') {
  const person = await server.as(role)
  return { ...person, ...(await enrol(server, person)) }
}

/** The first step of signing in; returns the ticket to the second. */
export async function holdSignIn(
  server: Server,
  email: string,
  options: Parameters<typeof signIn>[2] = {},
): Promise<string> {
  const reply = await signIn(server, email, options)
  const token: unknown = reply.body?.data?.pendingToken
  if (typeof token !== 'string') throw new Error(`no ticket: ${reply.status} ${reply.text}`)
  return token
}

/** Several tickets for one sign-in: the first step, and copies of what it left. */
export async function holdSignIns(server: Server, email: string, count: number): Promise<string[]> {
  const label = 'ash_p_'
  const first = await holdSignIn(server, email)
  const key = deriveKey(server.settings.secretKey, 'pending-login')
  const copies = await query<{ id: string }>(
    server,
    `insert into twofa_pending_logins (id, user_id, factor_id, mode, first_factor, expires_at)
     select gen_random_uuid(), user_id, factor_id, mode, first_factor, expires_at
     from twofa_pending_logins, generate_series(2, $2) where id = $1 returning id`,
    [rowOfToken(key, first.slice(label.length)), count],
  )
  return [first, ...copies.map(({ id }) => label + tokenOfRow(key, id))]
}
