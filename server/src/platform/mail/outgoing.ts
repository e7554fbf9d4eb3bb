/** The one gate every message passes before any driver sees it: one recipient, clean headers, bounded size. */
import { randomUUID } from 'node:crypto'
import { domainOf, parseRecipient, parseSender } from './addresses.ts'
import type { Sender } from './addresses.ts'
import { errors } from './errors.ts'
import type { MailMessage } from './mailer.ts'
import { messageIdAt } from './message-id.ts'

export type OutgoingMail = {
  readonly from: Sender
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly messageId: string
}

/** RFC 5322 2.1.1 allows 998 octets per line; subjects this long are a mistake anyway. */
const maxSubjectLength = 255
const maxHeaderLength = 900
/** Each of text and HTML. Gmail already clips a mail above 102 kB. */
const maxBodyLength = 1024 * 1024

/** A list of what rooms may set, because a list of what they may not is never complete. */
const allowedHeader =
  /^(?:X-[A-Za-z0-9-]{1,60}|List-(?:Id|Help|Unsubscribe|Unsubscribe-Post)|Auto-Submitted|Precedence|In-Reply-To|References)$/i
const messageIdPattern = /^<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,120}@[A-Za-z0-9.:-]{1,120}>$/
const controls = /[\p{Cc}\u2028\u2029]/u

/** Opens the gate for one configured sender. @throws mail.sender_invalid */
export function outgoingFrom(sender: string): (message: MailMessage) => OutgoingMail {
  const from = parseSender(sender)
  return (message) => prepare(message, from)
}

function prepare(message: MailMessage, from: Sender): OutgoingMail {
  const { subject, text, html } = message
  if (subject.trim() === '') throw invalid('The subject is empty.')
  if (subject.length > maxSubjectLength) throw invalid('The subject is too long.')
  if (controls.test(subject)) throw invalid('The subject holds a control character.')
  if (text.trim() === '' || html.trim() === '') throw invalid('Text and HTML are both needed.')
  if (text.length > maxBodyLength || html.length > maxBodyLength) throw invalid('It is too big.')
  if (message.messageId !== undefined && !messageIdPattern.test(message.messageId)) {
    throw invalid('The Message-ID is not of the form <…@…>.')
  }
  return {
    from,
    to: parseRecipient(message.to),
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated', ...checkHeaders(message.headers ?? {}) },
    messageId: message.messageId ?? messageIdAt(randomUUID(), domainOf(from.address)),
  }
}

function checkHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (!allowedHeader.test(name)) throw invalid('A header of this name may not be set.')
    if (controls.test(value)) throw invalid(`The header ${name} holds a control character.`)
    if (value.length > maxHeaderLength) throw invalid(`The header ${name} is too long.`)
  }
  return headers
}

function invalid(reason: string) {
  return errors.message_invalid({ reason })
}
