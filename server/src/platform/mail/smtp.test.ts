/** The SMTP driver against the SMTP twin: what is delivered, what is final, and what is worth another attempt. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { startSmtpTwin } from '../../../../twins/src/smtp/index.ts'
import type { SmtpTwin, SmtpTwinOptions } from '../../../../twins/src/smtp/index.ts'
import { AppError } from '../errors.ts'
import { errors, isPermanent } from './errors.ts'
import type { Mailer } from './mailer.ts'
import { messageIdFor } from './message-id.ts'
import { openSmtpMailer } from './smtp.ts'
import type { SmtpOptions } from './smtp.ts'
import { givenMessage } from './testing.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

async function givenTwin(options?: SmtpTwinOptions): Promise<SmtpTwin> {
  const twin = await startSmtpTwin(options)
  open.push(twin)
  return twin
}

function givenMailer(port: number, options: Partial<SmtpOptions> = {}): Mailer {
  const mailer = openSmtpMailer({
    host: '127.0.0.1',
    port,
    secure: false,
    from: 'Bücher, Ltd. <shop@example.org>',
    connectTimeoutMs: 300,
    idleTimeoutMs: 300,
    sendTimeoutMs: 2000,
    ...options,
  })
  open.push(mailer)
  return mailer
}

async function failureOf(sending: Promise<unknown>): Promise<{ code: string; isFinal: boolean }> {
  try {
    await sending
  } catch (error) {
    const code = error instanceof AppError ? error.code : String(error)
    return { code, isFinal: isPermanent(error) }
  }
  throw new Error('It was sent.')
}

const isFinal = { code: errors.rejected.code, isFinal: true }
const isWorthARetry = { code: errors.unavailable.code, isFinal: false }

test('a mail arrives at one recipient with both parts, its headers and its Message-ID', async () => {
  const twin = await givenTwin()
  const messageId = messageIdFor('job-1', 'https://app.example.org')
  const message = givenMessage({ messageId, headers: { 'X-Kind': 'auth.verify_email' } })
  const { providerId } = await givenMailer(twin.port).send(message)
  expect(providerId).toContain('kept as 1')
  expect(twin.messages()).toMatchObject([
    {
      envelope: { from: 'shop@example.org', to: ['u1@example.org'] },
      subject: message.subject,
      text: message.text.replaceAll('\n', '\r\n'),
      html: message.html,
      headers: {
        to: 'u1@example.org',
        'message-id': messageId,
        'x-kind': 'auth.verify_email',
        'auto-submitted': 'auto-generated',
      },
    },
  ])
  expect(twin.messages()[0]?.headers['from']).toBe('Bücher, Ltd. <shop@example.org>')
})

test('many mails at once all arrive, each in an envelope of one', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  const people = Array.from({ length: 20 }, (_, index) => `u${index}@example.org`)
  await Promise.all(people.map((to) => mailer.send(givenMessage({ to }))))
  const envelopes = twin.messages().map(({ envelope }) => envelope.to.join(', '))
  expect(new Set(envelopes)).toEqual(new Set(people))
  expect(envelopes).toHaveLength(people.length)
})

test.each([
  'a@example.org,b@example.org',
  '"e@evil.example"@victim.example',
  'Ada <a@example.org>',
])('nothing reaches the server for %j', async (to) => {
  const twin = await givenTwin()
  const failure = await failureOf(givenMailer(twin.port).send(givenMessage({ to })))
  expect(failure).toEqual({ code: errors.recipient_invalid.code, isFinal: true })
  expect(twin.messages()).toEqual([])
})

test('a body with lines that look like SMTP stays a body', async () => {
  const twin = await givenTwin()
  const text = 'one\n.\nMAIL FROM:<x@evil.example>\nRCPT TO:<y@evil.example>\n..two'
  await givenMailer(twin.port).send(givenMessage({ text }))
  expect(twin.messages()).toHaveLength(1)
  expect(twin.messages()[0]?.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(text)
})

test('a refused recipient is final, and the connection serves the next mail', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  twin.setMode({ kind: 'refuse' })
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isFinal)
  twin.setMode({ kind: 'deliver' })
  await mailer.send(givenMessage())
  expect(twin.messages()).toHaveLength(1)
})

test('a message the server finds too big is final', async () => {
  const twin = await givenTwin({ maxMessageBytes: 2000 })
  const message = givenMessage({ text: 'x'.repeat(5000) })
  expect(await failureOf(givenMailer(twin.port).send(message))).toEqual(isFinal)
})

test('a greylisted mail is worth a retry, and the retry arrives once', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  twin.setMode({ kind: 'greylist', attempts: 2 })
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
  await mailer.send(givenMessage())
  expect(twin.messages()).toHaveLength(1)
})

test.each(['greeting', 'message'] as const)(
  'a server that falls silent at the %s is given up and worth a retry',
  async (at) => {
    const twin = await givenTwin()
    const mailer = givenMailer(twin.port)
    twin.setMode({ kind: 'hang', at })
    expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
    twin.setMode({ kind: 'deliver' })
    await mailer.send(givenMessage())
    expect(twin.messages()).toHaveLength(1)
  },
)

test('a server that trickles its answer for ever is cut off by the limit for the whole attempt', async () => {
  const trickling = createServer((socket) => {
    socket.on('error', () => {})
    const drip = setInterval(() => socket.write('220-still thinking\r\n'), 50)
    socket.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => trickling.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => void trickling.close(() => resolve())) })
  const address = trickling.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const mailer = givenMailer(port, {
    sendTimeoutMs: 500,
    connectTimeoutMs: 60_000,
    idleTimeoutMs: 60_000,
  })
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
  await mailer.close()
})

test('a line cut in mid-dialogue is worth a retry', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'disconnect' })
  expect(await failureOf(givenMailer(twin.port).send(givenMessage()))).toEqual(isWorthARetry)
  expect(twin.messages()).toEqual([])
})

test('a pooled connection that turns out dead costs the mail nothing', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  await mailer.send(givenMessage())
  twin.setMode({ kind: 'disconnect', attempts: 1 })
  await mailer.send(givenMessage())
  expect(twin.messages()).toHaveLength(2)
})

test('a line cut after the message is tried once by the driver; the retry is recognisable', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  const message = givenMessage({ messageId: messageIdFor('job-1', 'https://app.example.org') })
  twin.setMode({ kind: 'acceptThenDrop' })
  expect(await failureOf(mailer.send(message))).toEqual(isWorthARetry)
  expect(twin.messages()).toHaveLength(1)
  twin.setMode({ kind: 'deliver' })
  await mailer.send(message)
  const ids = twin.messages().map(({ headers }) => headers['message-id'])
  expect(ids).toEqual([message.messageId, message.messageId])
})

test('a server that is not there is worth a retry and fails the check', async () => {
  const twin = await startSmtpTwin()
  await twin.close()
  const mailer = givenMailer(twin.port)
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
  expect(await mailer.check()).toMatchObject({ status: 'fail' })
})

test('the check passes on a server that greets, and fails on one that hangs', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  expect(await mailer.check()).toMatchObject({ status: 'pass' })
  twin.setMode({ kind: 'hang', at: 'greeting' })
  expect(await mailer.check()).toMatchObject({ status: 'fail' })
  expect(twin.messages()).toEqual([])
})

test('the right password sends; a wrong one is ours to repair, so no mail is given up for it', async () => {
  const twin = await givenTwin({ auth: { user: 'shop', password: 'right-canary' } })
  await givenMailer(twin.port, { user: 'shop', password: 'right-canary' }).send(givenMessage())
  expect(twin.messages()).toMatchObject([{ user: 'shop' }])

  const wrong = givenMailer(twin.port, { user: 'shop', password: 'wrong-canary' })
  const thrown: unknown = await wrong.send(givenMessage()).catch((error: unknown) => error)
  expect(isPermanent(thrown)).toBe(false)
  expect(await wrong.check()).toMatchObject({ status: 'fail' })
  const nobody = givenMailer(twin.port)
  expect(await failureOf(nobody.send(givenMessage()))).toEqual(isWorthARetry)

  const written = inspect(thrown, { depth: 10 }) + JSON.stringify(thrown)
  expect(written).not.toContain('canary')
  expect(written).not.toContain(Buffer.from('\0shop\0wrong-canary').toString('base64'))
})

test('closing lets the mail underway arrive and takes no more', async () => {
  const twin = await givenTwin()
  const mailer = givenMailer(twin.port)
  await mailer.send(givenMessage())
  const last = mailer.send(givenMessage())
  await new Promise((resolve) => setImmediate(resolve))
  const closing = mailer.close()
  await last
  await closing
  expect(twin.messages()).toHaveLength(2)
  expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
})

test('a sender that is no address stops the driver from opening', () => {
  expect(() => givenMailer(1, { from: 'Shop <a@b.example>, <c@d.example>' })).toThrow(
    errors.sender_invalid.message,
  )
})

describe('TLS', () => {
  test('a server without STARTTLS gets nothing when TLS is required', async () => {
    const twin = await givenTwin()
    const mailer = givenMailer(twin.port, { requireTls: true })
    expect(await failureOf(mailer.send(givenMessage()))).toEqual(isWorthARetry)
    expect(twin.messages()).toEqual([])
  })

  test('a certificate is checked: a stranger gets nothing, a known one gets the mail through TLS', async (context) => {
    const startTls = await findCertificate()
    if (!startTls) {
      if (process.env['REQUIRE_SERVICES'] === '1')
        throw new Error('The openssl program is missing.')
      context.skip('skipped: it needs the openssl program to make a certificate')
      return
    }
    const twin = await givenTwin({ startTls })
    const options = { host: 'localhost', requireTls: true }
    expect(await failureOf(givenMailer(twin.port, options).send(givenMessage()))).toEqual(
      isWorthARetry,
    )
    expect(twin.messages()).toEqual([])

    await givenMailer(twin.port, { ...options, certificateAuthority: startTls.cert }).send(
      givenMessage(),
    )
    expect(twin.messages()).toMatchObject([{ isSecure: true }])
  })
})

/** A key and certificate for localhost, made for this run. */
async function findCertificate(): Promise<{ key: string; cert: string } | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mail-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = `req -x509 -days 2 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1`
  const subject = `-subj /CN=localhost -addext subjectAltName=DNS:localhost`
  const options = [...request.split(' '), ...subject.split(' '), '-keyout', key, '-out', cert]
  try {
    await promisify(execFile)('openssl', options)
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') }
  } catch {
    return undefined
  } finally {
    await rm(folder, { recursive: true })
  }
}
