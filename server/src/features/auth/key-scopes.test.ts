/** Keys are made for what there is and a key can do, held against every route: a scope in vain is found out too late. */
import { expect, test } from 'vitest'
import { permissions } from '../../app/rooms.ts'
import { startServer } from '../../app/testing.ts'
import { routesOf, send } from '../admin/testing.ts'
import { enrol } from '../twofa/testing.ts'
import { type Server, api, bearerOf } from './testing.ts'

const server: Server = await startServer()
const url = `${api}/auth/api-keys`
const routes = routesOf(server)
const names = Object.keys(permissions)
const closed = ['access.forbidden', 'access.session_required', 'admin.mfa_required']

test.each(['no.such_permission', '*', 'users.read_self '])(
  'nobody can give one %j, not even who may do everything',
  async (scope) => {
    const root = await server.as('super_admin')
    expect(await root.post(url, { name: 'x', scopes: ['users.read_self', scope] })).toMatchObject({
      status: 422,
      body: { code: 'auth.unknown_scope', scopes: [scope] },
    })
  },
)

/** What a key of somebody who may do everything can do nothing with, found out by trying. */
async function findUseless(equipped: boolean): Promise<readonly string[]> {
  const owner = await server.as('super_admin')
  const made = await owner.post(url, { name: 'all' })
  if (equipped) await enrol(server, owner)
  const key = bearerOf(server, String(made.body.data.key))
  const useful = new Set<unknown>()
  const asked = new Set<unknown>()
  for (const route of routes) {
    const permission = route.operation['x-permission']
    if (permission === undefined) continue
    asked.add(permission)
    const { body } = await send(key, route)
    if (!closed.includes(String(body?.code))) useful.add(permission)
  }
  return names.filter((name) => asked.has(name) && !useful.has(name))
}

test.each([
  { who: 'nobody with an authenticator', equipped: false, among: 'admin.grant_roles' },
  { who: 'somebody with an authenticator', equipped: true, among: 'admin.read_users' },
])('a key of $who is made for what it can do', async ({ equipped, among }) => {
  const useless = await findUseless(equipped)
  expect(useless).toContain(among)
  expect(useless).not.toContain('users.read_self')
  const owner = await server.as('super_admin')
  if (equipped) await enrol(server, owner)
  const offered = (await owner.get(`${api}/auth/api-key-scopes`)).body.data
  expect(offered).toEqual(names.filter((name) => !useless.includes(name)).toSorted())
  const refused = []
  for (const scope of names) {
    const reply = await owner.post(url, { name: 'x', scopes: ['users.read_any', scope] })
    if (scope === 'users.read_any' || reply.status === 201) continue
    expect(reply).toMatchObject({
      status: 422,
      body: {
        code: 'http.invalid_request',
        errors: [{ pointer: '/scopes/1', message: expect.stringContaining(`${scope} `) }],
      },
    })
    refused.push(scope)
  }
  expect(refused).toEqual(useless)
})

test('nobody is offered what they may not do themselves', async () => {
  const member = await server.as('member')
  const offered = (await member.get(`${api}/auth/api-key-scopes`)).body.data
  expect(offered).toContain('users.read_self')
  expect(offered).not.toContain('users.read_any')
  for (const scope of offered)
    expect((await member.post(url, { name: 'x', scopes: [scope] })).status, scope).toBe(201)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
