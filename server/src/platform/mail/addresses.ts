/** What counts as an address: one plain mailbox, read in one way only, so that no parser behind us reads two. */
import { domainToASCII } from 'node:url'
import { errors } from './errors.ts'

export type Sender = { readonly name: string; readonly address: string }

/** RFC 5321 4.5.3.1: octets of a local part; of a path without its angle brackets. */
const maxLocalLength = 64
const maxAddressLength = 254
const maxSenderNameLength = 100

/** RFC 5322 dot-atom. No quoted local parts: valid, unused, and the classic way to smuggle a second `@`. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const domainLabel = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
const domainCharacters = /^[\p{L}\p{N}\p{M}.-]+$/u

/**
 * The address as it goes into the envelope: local part untouched, domain in lower-case ASCII (IDNA).
 * Local parts beyond ASCII are refused, because they need SMTPUTF8 on every hop (RFC 6531), which
 * SendGrid and many relays lack.
 * @throws mail.recipient_invalid for lists, display names, angle brackets, quotes, control characters
 */
export function parseRecipient(input: string): string {
  const address = findAddress(input)
  if (address === undefined) throw errors.recipient_invalid({ reason: describe(input) })
  return address
}

/**
 * Reads a configured sender: `name@example.org` or `Product <name@example.org>`.
 * @throws mail.sender_invalid
 */
export function parseSender(input: string): Sender {
  const named = /^([^<>]*)<([^<>]*)>$/.exec(input.trim())
  const name = named?.[1]?.trim().replace(/^"(.*)"$/, '$1') ?? ''
  const address = findAddress(named?.[2] ?? input.trim())
  const hasControls = /[\p{Cc}\u2028\u2029]/u.test(name)
  if (address === undefined || hasControls || name.length > maxSenderNameLength) {
    throw errors.sender_invalid({ from: input })
  }
  return { name, address }
}

/** Everything after the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function findAddress(input: string): string | undefined {
  const at = input.indexOf('@')
  const local = input.slice(0, at)
  const domain = at < 1 ? undefined : findDomain(input.slice(at + 1))
  if (domain === undefined || local.length > maxLocalLength || !localPart.test(local)) {
    return undefined
  }
  const address = `${local}@${domain}`
  return address.length <= maxAddressLength ? address : undefined
}

function findDomain(input: string): string | undefined {
  // Checked before IDNA, which would turn look-alikes (full-width, `%61`, `0x7f.1`) into something else.
  if (!domainCharacters.test(input) || input !== input.normalize('NFKC')) return undefined
  const domain = domainToASCII(input)
  const labels = domain.split('.')
  const isNumeric = /^\d+$/.test(labels.at(-1) ?? '')
  return !isNumeric && labels.every((label) => domainLabel.test(label)) ? domain : undefined
}

/** Why, without repeating the input: it may be logged. */
function describe(input: string): string {
  if (/[\r\n]/.test(input)) return 'It holds a line break.'
  if (/[,;]/.test(input)) return 'It looks like a list; a mail goes to one recipient.'
  if (/[<>]/.test(input)) return 'It has a display name or angle brackets; give the bare address.'
  if (/["\\()[\]]/.test(input)) return 'It uses quotes, comments or an address literal.'
  if (input.split('@').length !== 2) return 'It must hold exactly one `@`.'
  return 'It is not a mailbox that mail can be sent to.'
}
