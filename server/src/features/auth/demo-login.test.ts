/** The demo login: with the credentials of the environment, outside production, and nowhere else. */
import { expect, test } from 'vitest'
import { startServer, testSettings } from '../../app/testing.ts'
import { createCtx } from '../../platform/context.ts'
import { systemActor } from '../../app/actors.ts'
import { errors } from './errors.ts'
import { signInForDemo } from './demo-login.ts'
import {
  type Server,
  api,
  bearerOf,
  crowd,
  givenRegistration,
  me,
  query,
  rounds,
  signIn,
  tally,
  together,
} from './testing.ts'

const demo = { email: 'Demo@example.com', password: 'let me look around' }
const environment = {
  DEMO_LOGIN_ENABLED: 'true',
  DEMO_EMAIL: demo.email,
  DEMO_PASSWORD: demo.password,
}
const server = await startServer({ environment })
const login = (at: Server, body: object) =>
  at.anonymous.post(`${api}/auth/demo-login`, { mode: 'token', ...body })
const countUsers = async (at: Server) =>
  (await query<{ count: string }>(at, 'select count(*) from users_users'))[0]?.count

test('nobody is there before the first sign-in; then one demo user, however many come at once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'truncate users_users cascade')
    const replies = await together(crowd, () => login(server, demo))
    expect(tally(replies)).toEqual({ 200: crowd })
    expect(await countUsers(server)).toBe('1')
  }
  const reply = await login(server, { ...demo, email: 'demo@example.com' })
  expect(reply.body.data.user).toMatchObject({ email: 'demo@example.com', roles: ['member'] })
  expect((await bearerOf(server, reply.body.data.accessToken).get(me)).status).toBe(200)
})

test('other credentials are refused, and the demo’s open no other door', async () => {
  for (const body of [
    { ...demo, password: 'wrong' },
    { ...demo, email: 'other@example.com' },
  ])
    expect(await login(server, body)).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_credentials' },
    })
  expect((await signIn(server, 'demo@example.com', { password: demo.password })).status).toBe(401)
})

test('it is off unless it is switched on, and says so', async () => {
  const plain = await startServer()
  expect(await login(plain, demo)).toMatchObject({
    status: 403,
    body: { code: 'auth.demo_login_disabled' },
  })
  expect(await countUsers(plain)).toBe('0')
})

test('in production it refuses even if the settings’ guard had let it through', async () => {
  const settings = { ...testSettings(environment), isProduction: true }
  const ctx = createCtx(
    { ...server.process.context, settings },
    { actor: systemActor('test'), requestId: 'test' },
  )
  const opening = {
    mode: 'token',
    device: { ip: null, userAgent: null },
    replaces: null,
    trustToken: null,
    deviceToken: null,
  } as const
  await expect(signInForDemo(ctx, { ...opening, ...demo })).rejects.toMatchObject({
    code: errors.demo_login_disabled.code,
  })
})

test('whoever signs up with the demo’s address before it is used does not become the demo', async () => {
  const taken = await startServer({ environment })
  const { password } = await givenRegistration(taken, { email: demo.email })
  expect((await login(taken, demo)).status).toBe(403)
  expect((await signIn(taken, demo.email, { password })).status).toBe(401)
})
