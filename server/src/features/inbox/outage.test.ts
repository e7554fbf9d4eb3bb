/** What is told to us while the database takes nothing. */
import { createHmac, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { query } from '../auth/testing.ts'

const secret = 'whsec_a secret for tests, long enough to pass as one: 30c9'
const server = await startServer({ environment: { STRIPE_WEBHOOK_SECRET: secret } })

test('M50 an event that could not be stored is not acknowledged, and nothing is lost when it comes again', async () => {
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'payment_intent.succeeded',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { object: 'payment_intent', id: 'pi_of_an_outage' } },
  })
  const tell = () => {
    const at = Math.floor(Date.now() / 1000)
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
    return server.anonymous.post('/api/v1/webhooks/stripe', body, {
      'stripe-signature': `t=${at},v1=${signature}`,
    })
  }
  const stored = () => query(server, 'select state from inbox_events')

  await query(server, 'alter table inbox_objects rename to inbox_objects_away')
  expect((await tell()).status).toBe(500)
  // The event without its object would never be looked at.
  expect(await stored()).toEqual([])
  await query(server, 'alter table inbox_objects_away rename to inbox_objects')

  expect((await tell()).status).toBe(200)
  expect(await stored()).toEqual([{ state: 'received' }])
  expect(await server.jobs()).toHaveLength(1)
  server.failures.length = 0
})
