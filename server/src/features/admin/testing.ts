/** Administrators for tests: with an authenticator, and elevated. */
import type { TestClient } from '../../app/testing.ts'
import { type Server, api, bearerOf, query } from '../auth/testing.ts'
import { codeOf, givenEnrolled, holdSignIn, nextCode, verify2fa } from '../twofa/testing.ts'

export const administration = `${api}/admin`
export const usersUrl = `${administration}/users`

export type Admin = Awaited<ReturnType<typeof givenAdmin>>

/** Somebody in this role who has shown a code of their authenticator to administration. */
export async function givenAdmin(server: Server, role = 'super_admin') {
  const admin = await givenEnrolled(server, role)
  await elevate(server, admin)
  return admin
}

/** Shows a code in the session of this client; what the request was for does not matter. */
export async function elevate(
  server: Server,
  admin: TestClient & { readonly secret: string },
): Promise<void> {
  const reply = await admin.get(`${usersUrl}?limit=1`, { 'x-admin-mfa-code': codeOf(admin.secret) })
  if (reply.status !== 200) throw new Error(`elevation answered ${reply.status}: ${reply.text}`)
  await nextCode(server, admin.userId ?? '')
}

/** A second session of somebody with a second factor. */
export async function signInAgain(
  server: Server,
  admin: { readonly email: string; readonly secret: string; readonly userId: string | null },
) {
  await nextCode(server, admin.userId ?? '')
  const pendingToken = await holdSignIn(server, admin.email)
  const step = { pendingToken, mode: 'token', code: codeOf(admin.secret) }
  const reply = await server.anonymous.post(verify2fa, step)
  await nextCode(server, admin.userId ?? '')
  const accessToken = String(reply.body.data.accessToken)
  return { ...bearerOf(server, accessToken), accessToken, userId: admin.userId }
}

/** So many minutes pass for every session of somebody. */
export async function passMinutes(server: Server, userId: string, minutes: number): Promise<void> {
  await query(
    server,
    `update auth_sessions set elevated_at = elevated_at - make_interval(mins => $2),
       proven_at = proven_at - make_interval(mins => $2) where user_id = $1`,
    [userId, minutes],
  )
  await server.ctx().tx((tx) => tx.invalidate(`user:${userId}`))
}

type Operation = { 'x-permission'?: string; 'x-elevation'?: string; operationId?: string }
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly operation: Operation & Record<string, unknown>
}

/** Every route of the API description, with an id that is nobody's where one is wanted. */
export function routesOf(server: Server): Route[] {
  const paths = (server.app.swagger().paths ?? {}) as Record<string, Record<string, Operation>>
  return Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Route['method'],
      url: url
        .replaceAll('{role}', 'editor')
        .replaceAll(/\{\w+\}/g, '01890000-0000-7000-8000-000000000000'),
      operation: operation as Route['operation'],
    })),
  )
}

/** Sends a request with an empty body, as far as it has one. */
export async function send(client: TestClient, { method, url }: Route, headers = {}) {
  switch (method) {
    case 'GET':
      return client.get(url, headers)
    case 'DELETE':
      return client.delete(url, headers)
    case 'POST':
      return client.post(url, {}, headers)
    case 'PUT':
      return client.put(url, {}, headers)
    case 'PATCH':
      return client.patch(url, {}, headers)
  }
}
