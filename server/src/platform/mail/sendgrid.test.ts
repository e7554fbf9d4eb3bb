/** The SendGrid driver against a small server of SendGrid's shape. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { errors, isPermanent } from './errors.ts'
import type { Mailer } from './mailer.ts'
import { openSendgridMailer } from './sendgrid.ts'
import { givenMessage } from './testing.ts'

type Received = { method: string; path: string; authorization: string; body: unknown }
type Answer = (response: ServerResponse) => void

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

/** Answers everything alike and keeps what it was asked. */
async function givenSendgrid(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const keep = async (request: IncomingMessage) => {
    const { method = '', url: path = '', headers } = request
    const authorization = headers.authorization ?? ''
    received.push({ method, path, authorization, body: await read(request) })
  }
  const server = createServer((request, response) => {
    void keep(request).then(() => answer(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, received }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const body = await text(request)
  return body === '' ? null : JSON.parse(body)
}

function givenMailer(baseUrl: string): Mailer {
  const from = 'Shop <shop@example.org>'
  return openSendgridMailer({ apiKey: 'SG.canary', from, baseUrl, timeoutMs: 500 })
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))

async function failureOf(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => expect.unreachable('It was sent.'),
    (error: unknown) => error,
  )
}

test('a mail is one request for one recipient, untracked, and gives the id of the provider', async () => {
  const { url, received } = await givenSendgrid((response) =>
    response.writeHead(202, { 'x-message-id': 'abc123' }).end(),
  )
  const message = givenMessage({ messageId: '<k1@example.org>', headers: { 'X-Kind': 'test' } })
  expect(await givenMailer(url).send(message)).toEqual({ providerId: 'abc123' })
  expect(received).toEqual([
    {
      method: 'POST',
      path: '/v3/mail/send',
      authorization: 'Bearer SG.canary',
      body: {
        personalizations: [{ to: [{ email: 'u1@example.org' }] }],
        from: { email: 'shop@example.org', name: 'Shop' },
        subject: message.subject,
        content: [
          { type: 'text/plain', value: message.text },
          { type: 'text/html', value: message.html },
        ],
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Kind': 'test',
          'Message-ID': '<k1@example.org>',
        },
        custom_args: { message_id: '<k1@example.org>' },
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
          subscription_tracking: { enable: false },
        },
      },
    },
  ])
})

test('a message that SendGrid finds wrong is final, and says why', async () => {
  const wrong = { errors: [{ message: 'Does not contain a valid address.', field: 'to.0.email' }] }
  const { url } = await givenSendgrid(json(400, wrong))
  const error = await failureOf(givenMailer(url).send(givenMessage()))
  expect(error).toMatchObject({
    code: errors.rejected.code,
    details: { status: 400, reason: 'to.0.email: Does not contain a valid address.' },
  })
  expect(isPermanent(error)).toBe(true)
})

test('too many requests are worth a retry after the time it names', async () => {
  const { url } = await givenSendgrid(json(429, { errors: [] }, { 'retry-after': '17' }))
  const error = await failureOf(givenMailer(url).send(givenMessage()))
  expect(error).toMatchObject({
    code: errors.unavailable.code,
    details: { retryAfterSeconds: 17 },
  })
  expect(isPermanent(error)).toBe(false)
})

test('a retry time given as a date is read too', async () => {
  const later = new Date(Date.now() + 60_000).toUTCString()
  const { url } = await givenSendgrid(json(503, {}, { 'retry-after': later }))
  const error = await failureOf(givenMailer(url).send(givenMessage()))
  const wait = error instanceof AppError ? error.details['retryAfterSeconds'] : undefined
  expect(wait).toBeGreaterThan(50)
  expect(wait).toBeLessThanOrEqual(60)
})

test.each([500, 502, 503, 401, 403, 408, 302, 200])(
  'an answer of %i is worth a retry',
  async (status) => {
    const { url, received } = await givenSendgrid((response) =>
      response.writeHead(status, { location: '/elsewhere' }).end('<html>gateway</html>'),
    )
    const error = await failureOf(givenMailer(url).send(givenMessage()))
    expect(error).toMatchObject({ code: errors.unavailable.code, details: { status } })
    expect(isPermanent(error)).toBe(false)
    // Not even a redirect is followed: the key stays with the configured host.
    expect(received).toHaveLength(1)
  },
)

test('silence, a cut line and an absent server are worth a retry', async () => {
  const silent = await givenSendgrid(() => {})
  const cut = await givenSendgrid((response) => response.destroy())
  for (const url of [silent.url, cut.url, 'http://127.0.0.1:1']) {
    const error = await failureOf(givenMailer(url).send(givenMessage()))
    expect(error).toMatchObject({ code: errors.unavailable.code })
    expect(isPermanent(error)).toBe(false)
  }
})

test('an answer that stops in the middle still counts as what its status said', async () => {
  const { url } = await givenSendgrid((response) => {
    response.writeHead(400, { 'content-length': '1000' })
    response.write('{"errors":')
  })
  const error = await failureOf(givenMailer(url).send(givenMessage()))
  expect(error).toMatchObject({ code: errors.rejected.code })
})

test('a list of recipients is refused before anything is asked', async () => {
  const { url, received } = await givenSendgrid(json(202, {}))
  const sending = givenMailer(url).send(givenMessage({ to: 'a@example.org,b@example.org' }))
  expect(await failureOf(sending)).toMatchObject({ code: errors.recipient_invalid.code })
  expect(received).toEqual([])
})

test('the check asks what the key may do, and sends nothing', async () => {
  const { url, received } = await givenSendgrid(json(200, { scopes: ['mail.send'] }))
  expect(await givenMailer(url).check()).toMatchObject({ status: 'pass' })
  expect(received).toMatchObject([{ method: 'GET', path: '/v3/scopes' }])

  const other = await givenSendgrid(json(200, { scopes: ['stats.read'] }))
  expect(await givenMailer(other.url).check()).toMatchObject({ status: 'fail' })
  const refused = await givenSendgrid(json(401, {}))
  expect(await givenMailer(refused.url).check()).toMatchObject({ status: 'fail' })
  const silent = await givenSendgrid(() => {})
  expect(await givenMailer(silent.url).check()).toMatchObject({ status: 'fail' })
})

test('the key appears in no error', async () => {
  const { url } = await givenSendgrid(
    json(401, { errors: [{ message: 'authorization required' }] }),
  )
  for (const target of [url, 'http://127.0.0.1:1']) {
    const error = await failureOf(givenMailer(target).send(givenMessage()))
    expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain('canary')
  }
})
