/** The gate in front of every driver. */
import { expect, test } from 'vitest'
import { openCaptureMailer } from './capture.ts'
import type { CapturedMail } from './capture.ts'
import { errors, isPermanent } from './errors.ts'
import type { MailMessage } from './mailer.ts'
import { messageIdFor } from './message-id.ts'
import { givenMessage } from './testing.ts'

function givenMailbox() {
  const kept: CapturedMail[] = []
  const store = async (mail: CapturedMail) => void kept.push(mail)
  return { kept, mailer: openCaptureMailer({ store, from: 'Shop <shop@example.org>' }) }
}

test('a captured mail is kept as it would have gone out, from the configured sender', async () => {
  const { kept, mailer } = givenMailbox()
  await mailer.send(givenMessage({ headers: { 'List-Id': '<news.example.org>' } }))
  expect(kept).toMatchObject([
    {
      from: 'shop@example.org',
      to: 'u1@example.org',
      headers: { 'Auto-Submitted': 'auto-generated', 'List-Id': '<news.example.org>' },
    },
  ])
  expect(kept[0]?.messageId).toMatch(/^<[0-9a-f]{32}@example\.org>$/)
  expect(await mailer.check()).toMatchObject({ status: 'pass' })
})

const bad: [why: string, changes: Partial<MailMessage>][] = [
  ['a line break in the subject', { subject: 'Hi\r\nBcc: x@evil.example' }],
  ['a bare line feed in the subject', { subject: 'Hi\nBcc: x@evil.example' }],
  ['a NUL in the subject', { subject: 'Hi\u0000' }],
  ['a Unicode line separator in the subject', { subject: 'Hi\u2028there' }],
  ['an empty subject', { subject: ' ' }],
  ['an endless subject', { subject: 'x'.repeat(256) }],
  ['a line break in a header', { headers: { 'X-Note': 'a\r\nBcc: x@evil.example' } }],
  ['a header name with a colon', { headers: { 'X-Note: a\r\nBcc': 'x@evil.example' } }],
  ['a Bcc header', { headers: { Bcc: 'x@evil.example' } }],
  ['a To header', { headers: { tO: 'x@evil.example' } }],
  ['a From header', { headers: { From: 'x@evil.example' } }],
  ['a Sender header', { headers: { Sender: 'x@evil.example' } }],
  ['a Content-Type header', { headers: { 'Content-Type': 'text/html' } }],
  ['a DKIM header', { headers: { 'DKIM-Signature': 'v=1' } }],
  ['a Message-ID that smuggles a header', { messageId: '<a@b>\r\nBcc: x@evil.example' }],
  ['a Message-ID without brackets', { messageId: 'a@b' }],
  ['no text', { text: '' }],
  ['no HTML', { html: ' ' }],
  ['a body beyond the limit', { html: 'x'.repeat(1024 * 1024 + 1) }],
]

test.each(bad)('%s is refused for good and reaches no driver', async (_why, changes) => {
  const { kept, mailer } = givenMailbox()
  const error: unknown = await mailer.send(givenMessage(changes)).catch(asValue)
  expect(error).toMatchObject({ code: errors.message_invalid.code })
  expect(isPermanent(error)).toBe(true)
  expect(kept).toEqual([])
})

test('a list of recipients reaches no driver', async () => {
  const { kept, mailer } = givenMailbox()
  const sending = mailer.send(givenMessage({ to: 'a@example.org,b@example.org' }))
  await expect(sending).rejects.toMatchObject({ code: errors.recipient_invalid.code })
  expect(kept).toEqual([])
})

test('a mailbox that cannot be written is worth another attempt', async () => {
  const mailer = openCaptureMailer({ store: brokenStore, from: 'shop@example.org' })
  const error: unknown = await mailer.send(givenMessage()).catch(asValue)
  expect(error).toMatchObject({ code: errors.unavailable.code })
  expect(isPermanent(error)).toBe(false)
})

test('a job has one Message-ID on every attempt, and another job another', () => {
  const url = 'https://app.example.org:8443/base'
  expect(messageIdFor('job-1', url)).toBe(messageIdFor('job-1', url))
  expect(messageIdFor('job-1', url)).not.toBe(messageIdFor('job-2', url))
  expect(messageIdFor('job-1', url)).toMatch(/^<[0-9a-f]{32}@app\.example\.org>$/)
})

const asValue = (error: unknown) => error

async function brokenStore(): Promise<void> {
  throw new Error('database is away')
}
