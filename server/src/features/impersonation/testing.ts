/** Impersonations for tests: somebody who acts in somebody's account. */
import type { TestClient } from '../../app/testing.ts'
import { type Admin, administration } from '../admin/testing.ts'
import { type Server, bearerOf } from '../auth/testing.ts'

export const impersonation = `${administration}/impersonation`
export const exchangeUrl = `${impersonation}/exchange`
export const endUrl = `${impersonation}/end`

/** Asks for a token; throws unless it is given. */
export async function requestToken(
  admin: Pick<Admin, 'post'>,
  userId: string | null,
  given: object = {},
): Promise<string> {
  const reply = await admin.post(impersonation, {
    userId,
    reason: 'a question of theirs',
    ...given,
  })
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.body.data.token as string
}

/** A client that acts in the account. */
export async function actAs(
  server: Server,
  admin: Pick<Admin, 'post'>,
  userId: string | null,
  given: object = {},
): Promise<TestClient & { readonly accessToken: string }> {
  const token = await requestToken(admin, userId, given)
  const reply = await server.anonymous.post(exchangeUrl, { token })
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`)
  const accessToken = String(reply.body.data.accessToken)
  return { ...bearerOf(server, accessToken), accessToken }
}
