/** Roles that need a second factor: their members can enrol, and do nothing else before. */
import { expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import { grantRole } from '../access/index.ts'
import { enrol, twofa } from '../twofa/testing.ts'
import { type Server, api, me } from './testing.ts'

const server: Server = await startServer({
  environment: { MFA_REQUIRED_ROLES: 'admin, super_admin' },
})
const users = `${api}/users`

test.each(['admin', 'super_admin'])(
  'a member of %s can only enrol, then everything',
  async (role) => {
    const ada = await server.as(role)
    const { status, body } = await ada.get(`${twofa}/status`)
    expect({ status, ...body.data }).toMatchObject({ status: 200, enabled: false, required: true })
    expect((await ada.get(me)).status).toBe(200)
    expect((await ada.patch(me, { name: 'Ada' })).status).toBe(403)
    expect((await ada.post(`${api}/auth/api-keys`, { name: 'a way around' })).status).toBe(403)
    await enrol(server, ada)
    expect((await ada.patch(me, { name: 'Ada' })).status).toBe(200)
    expect((await ada.post(`${api}/auth/api-keys`, { name: 'mine' })).status).toBe(201)
  },
)

test('the duty begins with the role, for keys made before as well', async () => {
  const bob = await server.as()
  const made = await bob.post(`${api}/auth/api-keys`, { name: 'mine' })
  const key = server.clientWith(null, { authorization: `Bearer ${made.body.data.key}` })
  expect((await key.patch(me, { name: 'Bob' })).status).toBe(200)
  await server.ctx().tx((tx) => grantRole(tx, bob.user.id, 'admin'))
  expect((await bob.patch(me, { name: 'Bob' })).status).toBe(403)
  expect((await key.patch(me, { name: 'Bob' })).status).toBe(403)
  await enrol(server, bob)
  expect((await key.patch(me, { name: 'Bob' })).status).toBe(200)
})

test('it ends with the second factor, and comes back when that is turned off', async () => {
  const ada = await server.as('admin')
  const { backupCodes } = await enrol(server, ada)
  expect((await ada.get(`${users}?limit=1`)).status).toBe(200)
  expect((await ada.patch(me, { name: 'Ada' })).status).toBe(200)
  const [backupCode] = backupCodes
  const off = { password: goodPassword, backupCode }
  expect((await ada.post(`${twofa}/disable`, off)).status).toBe(204)
  expect((await ada.patch(me, { name: 'Ada' })).status).toBe(403)
})

test('other roles are left alone', async () => {
  const eve = await server.as('member')
  expect((await eve.get(`${twofa}/status`)).body.data.required).toBe(false)
  expect((await eve.patch(me, { name: 'Eve' })).status).toBe(200)
})
