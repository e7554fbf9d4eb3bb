/** Which bytes are believed to come from Stripe. */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readStripeNotice } from './stripe-notice.ts'

const secret = 'whsec_the_one_that_signs'
const now = new Date('2026-03-01T12:00:00Z')
const seconds = now.getTime() / 1000
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  api_version: '2026-02-25.clover',
  created: seconds - 2,
  livemode: false,
  data: { object: { object: 'payment_intent', id: 'pi_1', amount: 1099 } },
}
const body = Buffer.from(JSON.stringify(event))

const sign = (bytes: Uint8Array, key = secret, at = seconds) =>
  createHmac('sha256', key).update(`${at}.`).update(bytes).digest('hex')
const header = (bytes: Uint8Array, key = secret, at = seconds) =>
  `t=${at},v1=${sign(bytes, key, at)}`
const read = (
  bytes: Uint8Array,
  given: string | undefined,
  secrets: readonly string[] = [secret],
) => readStripeNotice(bytes, given, { secrets, now })

test('a signed event is read', () => {
  expect(read(body, header(body))).toEqual({
    outcome: 'read',
    notice: {
      eventId: 'evt_1',
      type: 'payment_intent.succeeded',
      account: '',
      kind: 'payment_intent',
      objectId: 'pi_1',
      apiVersion: '2026-02-25.clover',
      isLive: false,
      occurredAt: new Date('2026-03-01T11:59:58Z'),
    },
  })
})

test('M35 the bytes count: odd spacing and escapes under their own signature are good, any other byte is not', () => {
  const odd = Buffer.from(JSON.stringify(event, null, 3).replace('pi_1', String.raw`\u0070i_1`))
  expect(read(odd, header(odd))).toMatchObject({ outcome: 'read', notice: { objectId: 'pi_1' } })
  const refused = { outcome: 'refused', reason: 'wrong_signature' }
  expect(read(Buffer.from(JSON.stringify(JSON.parse(odd.toString()))), header(odd))).toEqual(
    refused,
  )
  for (const index of [0, 17, body.length - 1]) {
    const altered = Buffer.from(body)
    altered[index] = (altered[index] ?? 0) ^ 1
    expect(read(altered, header(body))).toEqual(refused)
  }
})

test('M35 what is signed and no event is malformed', () => {
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '{"id":"evt_1"}',
    JSON.stringify({ ...event, livemode: 'no' }),
    JSON.stringify({ ...event, created: -1 }),
    JSON.stringify({ ...event, id: 'e'.repeat(256) }),
    JSON.stringify({ ...event, id: 'evt_\u0000' }),
    JSON.stringify({ ...event, data: { object: { object: 'charge', id: 'ch_\u0000' } } }),
  ].map((text) => Buffer.from(text))
  for (const bytes of [...bodies, Buffer.from([0x7b, 0xff, 0x7d])])
    expect(read(bytes, header(bytes)), String(bytes)).toEqual({ outcome: 'malformed' })
})

test.each([
  [-301, 'refused'],
  [-299, 'read'],
  [299, 'read'],
  [301, 'refused'],
])('M36 signed %i seconds from now it is %s', (offset, outcome) => {
  expect(read(body, header(body, secret, seconds + offset))).toMatchObject({ outcome })
})

test('M37 only v1 proves anything, any of several does, and so does each secret while one is rolled', () => {
  const right = sign(body)
  const wrong = sign(body, 'whsec_somebody_else')
  const refusedFor = (reason: string) => ({ outcome: 'refused', reason })
  for (const none of [
    undefined,
    '',
    'nonsense',
    `t=${seconds}`,
    `v1=${right}`,
    `t=${seconds},v0=${right}`,
  ])
    expect(read(body, none), String(none)).toEqual(refusedFor('no_signature'))
  for (const odd of [
    `t=x,v1=${right}`,
    `t=,v1=${right}`,
    `t=${seconds},v1=${right.slice(1)}`,
    `t=${seconds},v1=${right}00`,
  ])
    expect(read(body, odd), odd).toEqual(refusedFor('no_signature'))
  expect(read(body, `t=${seconds},v1=${wrong}`)).toEqual(refusedFor('wrong_signature'))
  expect(read(body, `t=${seconds + 1},v1=${right}`)).toEqual(refusedFor('wrong_signature'))
  expect(read(body, `t=${seconds},v1=${wrong},v1=${right},v0=${wrong}`).outcome).toBe('read')

  const old = 'whsec_the_one_before'
  expect(read(body, header(body, old), [secret, old]).outcome).toBe('read')
  expect(read(body, header(body, old), [secret])).toEqual(refusedFor('wrong_signature'))
})

test('M38 without a secret nothing is believed, and an empty one is none', () => {
  const reason = 'no_secret'
  expect(read(body, header(body), [])).toEqual({ outcome: 'refused', reason })
  expect(read(body, header(body, ''), [''])).toEqual({ outcome: 'refused', reason })
})
