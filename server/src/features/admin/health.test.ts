/** The health report with its reasons: for those who may read it, programs included, and without secrets. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api } from '../auth/testing.ts'

const url = `${api}/admin/health`
const token = 'a-token-of-a-program-that-looks-after-us-0123456789'
const server = await startServer({
  environment: {
    REDIS_URL: 'redis://:a-password-of-redis@127.0.0.1:1',
    RATE_LIMIT_ENABLED: 'false',
    ADMIN_SERVICE_TOKEN_HASH: createHash('sha256').update(token).digest('hex'),
    ADMIN_SERVICE_TOKEN_SCOPES: 'admin.read_health',
  },
})

test('whoever may read it is told why a part fails, which the public report keeps', async () => {
  const admin = await server.as('admin')
  const { status, body, text } = await admin.get(url)
  expect(status).toBe(200)
  expect(body.data).toMatchObject({
    status: 'fail',
    checks: { database: { status: 'pass' }, redis: { status: 'fail', detail: 'not reachable' } },
  })
  const reasons: { check: string; reason: string }[] = body.data.reasons
  const { reason } = reasons.find(({ check }) => check === 'redis') ?? { reason: '' }
  expect(reason).not.toBe('')
  expect(reasons.map(({ check }) => check)).not.toContain('database')
  expect(text).not.toContain('a-password-of-redis')
  const shown = await server.anonymous.get('/health')
  expect(shown.body).not.toHaveProperty('reasons')
})

test('so is a program with that scope', async () => {
  const reply = await server.anonymous.get(url, { authorization: `Bearer ${token}` })
  expect(reply).toMatchObject({ status: 200, body: { data: { status: 'fail' } } })
})

test('a member and a stranger are not', async () => {
  const member = await server.as('member')
  expect(await member.get(url)).toMatchObject({ status: 403, body: { code: 'access.forbidden' } })
  expect(await server.anonymous.get(url)).toMatchObject({ status: 401 })
})
