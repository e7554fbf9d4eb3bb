/** Events as Stripe sends them, each with an id of its own and signed now: one that comes twice is less work. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Call } from './workloads.ts'

/** What is told of one object, one after the other. */
const types = ['created', 'processing', 'requires_action', 'succeeded'] as const
let told = 0
let objectId = ''

export function signedEvent(call: Call, secret: string): Call {
  const now = Math.floor(Date.now() / 1000)
  const type = types[told % types.length]
  if (told % types.length === 0) objectId = `pi_${randomBytes(12).toString('hex')}`
  told += 1
  const body = JSON.stringify({
    id: `evt_${randomBytes(12).toString('hex')}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: now,
    livemode: true,
    pending_webhooks: 1,
    request: { id: `req_${randomBytes(7).toString('hex')}`, idempotency_key: null },
    type: `payment_intent.${type}`,
    data: {
      object: {
        id: objectId,
        object: 'payment_intent',
        amount: 1099,
        currency: 'usd',
        status: 'succeeded',
        // A real one has eighty fields, and is about as large.
        description: 'x'.repeat(2_000),
        metadata: { payment_id: '00000000-0000-7000-8000-000000000000' },
      },
    },
  })
  const signature = createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')
  return {
    ...call,
    headers: { ...call.headers, 'stripe-signature': `t=${now},v1=${signature}` },
    body,
  }
}
