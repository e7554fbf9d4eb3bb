/** Which messages a receiver believes: the standard's own, fresh, whole, and signed with one of its secrets. */
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type WebhookInput, verifyWebhook } from './webhook.ts'

/** The example of the Standard Webhooks libraries. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const body = '{"test": 2432232314}'
const headers = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const sentAt = new Date(1_614_265_330_000)
const message: WebhookInput = { body, headers, secrets: secret, now: sentAt }
const later = (seconds: number) => new Date(sentAt.getTime() + seconds * 1000)
const withHeader = (name: keyof typeof headers, value: string): WebhookInput => ({
  ...message,
  headers: { ...headers, [name]: value },
})
const refusal = (reason: string) => expect.objectContaining({ name: 'WebhookRefused', reason })

test('the example of the standard is believed, as text and as bytes, with headers of either kind', async () => {
  const believed = { id: headers['webhook-id'], sentAt, payload: { test: 2_432_232_314 } }
  expect(await verifyWebhook(message)).toEqual(believed)
  expect(await verifyWebhook({ ...message, body: Buffer.from(body) })).toEqual(believed)
  expect(await verifyWebhook({ ...message, headers: new Headers(headers) })).toEqual(believed)
})

test('one of several secrets, and one of several signatures, is enough', async () => {
  const other = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
  await expect(verifyWebhook({ ...message, secrets: [other, secret] })).resolves.toBeTruthy()
  const many = `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`
  await expect(verifyWebhook(withHeader('webhook-signature', many))).resolves.toBeTruthy()
  await expect(verifyWebhook({ ...message, secrets: [other] })).rejects.toEqual(
    refusal('signature'),
  )
})

test.each([
  ['another body', { ...message, body: '{"test": 2432232315}' }],
  ['a space more', { ...message, body: `${body} ` }],
  ['another id', withHeader('webhook-id', 'msg_other')],
  ['another time', withHeader('webhook-timestamp', '1614265331')],
  ['no scheme', withHeader('webhook-signature', headers['webhook-signature'].slice(3))],
  [
    'another scheme',
    withHeader('webhook-signature', headers['webhook-signature'].replace('v1', 'v1a')),
  ],
  ['half a signature', withHeader('webhook-signature', 'v1,g0hM9SsE+OTPJTGt')],
  ['no base64', withHeader('webhook-signature', 'v1,***')],
  ['an empty signature', withHeader('webhook-signature', 'v1,')],
  [
    'its signature behind more than a sender makes',
    withHeader('webhook-signature', `${'v1,AAAA '.repeat(10)}${headers['webhook-signature']}`),
  ],
])('%s is not believed', async (_what, changed) => {
  await expect(verifyWebhook(changed)).rejects.toEqual(refusal('signature'))
})

test('an id cannot lend a part of itself to the time: what was signed is one text', async () => {
  const signed = `${headers['webhook-id']}.1614265330.${body}`
  const [id = '', rest = ''] = signed.split(/\.(.*)/s)
  const split = { 'webhook-id': `${id}.1614265330`, 'webhook-timestamp': rest.slice(11) }
  await expect(
    verifyWebhook({ ...message, headers: { ...headers, ...split }, body: '' }),
  ).rejects.toEqual(refusal('headers'))
})

describe('time', () => {
  test('five minutes early or late are near enough, a second more is not', async () => {
    for (const seconds of [-300, 300])
      await expect(verifyWebhook({ ...message, now: later(seconds) })).resolves.toBeTruthy()
    for (const seconds of [-301, 301])
      await expect(verifyWebhook({ ...message, now: later(seconds) })).rejects.toEqual(
        refusal('time'),
      )
    const patient = { ...message, toleranceSeconds: 3600, now: later(3600) }
    await expect(verifyWebhook(patient)).resolves.toBeTruthy()
  })

  test('without a clock of one’s own it is now', async () => {
    await expect(verifyWebhook({ body, headers, secrets: secret })).rejects.toEqual(refusal('time'))
  })

  test.each(['', '-1', '1e9', '0x10', '1614265330.5', 'NaN', '9999999999999'])(
    '%j is no time',
    async (timestamp) => {
      await expect(verifyWebhook(withHeader('webhook-timestamp', timestamp))).rejects.toEqual(
        refusal('headers'),
      )
    },
  )
})

test('a header that is missing or comes twice is refused', async () => {
  for (const name of Object.keys(headers)) {
    const { [name]: _left, ...others } = headers as Record<string, string>
    await expect(verifyWebhook({ ...message, headers: others })).rejects.toEqual(refusal('headers'))
    await expect(
      verifyWebhook({ ...message, headers: { ...others, [name]: ['a', 'b'] } }),
    ).rejects.toEqual(refusal('headers'))
  }
})

test('a signed body that is not JSON is refused as such', async () => {
  const text = 'not JSON'
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.1614265330.${text}`)
    .digest('base64')
  await expect(
    verifyWebhook({ ...withHeader('webhook-signature', `v1,${signature}`), body: text }),
  ).rejects.toEqual(refusal('body'))
})

test.each([[[]], [''], ['whsec_'], ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], ['whsec_***']])(
  'the secret %j is a mistake of the receiver, and nothing is believed',
  async (secrets) => {
    await expect(verifyWebhook({ ...message, secrets })).rejects.toBeInstanceOf(TypeError)
  },
)
