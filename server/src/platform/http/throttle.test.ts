import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'

const server = await startServer({
  environment: {
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_REQUESTS: '10',
    AUTH_RATE_LIMIT_REQUESTS: '1',
  },
  extend: async (app) => {
    app.get('/api/v1/test/limited', {
      config: { public: true, limits: [{ policy: 'auth_login_client', by: 'client' }] },
      schema: { response: { 200: Type.Object({}) } },
      handler: async () => ({}),
    })
  },
})

async function statusesFrom(remoteAddress: string, url: string, times: number): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < times; index += 1)
    statuses.push((await server.app.inject({ url, remoteAddress })).statusCode)
  return statuses
}

async function countOf(policy: string): Promise<number> {
  const { body } = await server.metrics.render()
  const line = body.split('\n').find((text) => text.includes(`{policy="${policy}"}`))
  return Number(line?.split(' ')[1] ?? 0)
}

test('every refusal is counted under the policy that refused, and nothing else is', async () => {
  const ordinary = await statusesFrom('192.0.2.1', '/api/v1/nothing', 13)
  expect(ordinary).toEqual([...Array(10).fill(404), 429, 429, 429])
  const limited = await statusesFrom('192.0.2.2', '/api/v1/test/limited', 5)
  expect(limited).toEqual([200, 200, 200, 429, 429])

  expect(await countOf('default')).toBe(3)
  expect(await countOf('auth_login_client')).toBe(2)
  const { body } = await server.metrics.render()
  expect(body.match(/^rate_limit_refusals_total\{/gm)).toHaveLength(2)
})
