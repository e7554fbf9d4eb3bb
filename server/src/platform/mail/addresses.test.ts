/** Which addresses a mail may go to, and come from. */
import { describe, expect, test } from 'vitest'
import { parseRecipient, parseSender } from './addresses.ts'
import { errors, isPermanent } from './errors.ts'

const refused = [
  'a@example.org,b@example.org',
  'a@example.org;b@example.org',
  'a@example.org b@example.org',
  '"e@evil.example"@victim.example',
  '"e@evil.example,x"@victim.example',
  'e@evil.example@victim.example',
  '<a@example.org>',
  'Ada <a@example.org>',
  'Ada<a@example.org>',
  'group: a@example.org, b@example.org;',
  'a@example.org\r\nBcc: b@example.org',
  'a@example.org\nRCPT TO:<b@example.org>',
  'a@example.org\r',
  'a\u0000@example.org',
  ' a@example.org',
  'a@example.org ',
  'a(comment)@example.org',
  'a@(comment)example.org',
  'a\\@example.org',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  'a@0x7f.1',
  'a@ex%61mple.org',
  'a@example.org%00.evil.example',
  'a＠example.org',
  'a@ｅxample.org',
  'a@example。org',
  'a@exam\u200Bple.org',
  'a@example.org\u2028',
  'a@\u202Egro.elpmaxe',
  'ä@example.org',
  '.a@example.org',
  'a.@example.org',
  'a..b@example.org',
  'a@example..org',
  'a@-example.org',
  'a@example.org.',
  'a@',
  '@example.org',
  'a',
  '',
  `${'a'.repeat(65)}@example.org`,
  `a@${'b'.repeat(64)}.org`,
  `a@${'b.'.repeat(130)}org`,
]

test.each(refused)('%j is not one plain address', (input) => {
  let thrown: unknown
  try {
    parseRecipient(input)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: errors.recipient_invalid.code, status: 422 })
  expect(isPermanent(thrown)).toBe(true)
  // The reason may be logged; it must not carry the address.
  expect(JSON.stringify(thrown)).not.toContain('evil.example')
})

test.each([
  ['u1@example.org', 'u1@example.org'],
  ["o'brien+tag@mail.example.org", "o'brien+tag@mail.example.org"],
  ['Ada.Lovelace@Example.ORG', 'Ada.Lovelace@example.org'],
  ['post@bücher.example', 'post@xn--bcher-kva.example'],
  ['owner@localhost', 'owner@localhost'],
  [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
])('%j is sent to %j', (input, address) => {
  expect(parseRecipient(input)).toBe(address)
})

describe('a configured sender', () => {
  test.each([
    ['no-reply@example.org', { name: '', address: 'no-reply@example.org' }],
    ['Ashlar <no-reply@example.org>', { name: 'Ashlar', address: 'no-reply@example.org' }],
    [
      '"Bücher, Ltd." <no-reply@example.org>',
      { name: 'Bücher, Ltd.', address: 'no-reply@example.org' },
    ],
  ])('%j is understood', (input, sender) => {
    expect(parseSender(input)).toEqual(sender)
  })

  test.each([
    '',
    'Ashlar',
    'Ashlar <a@example.org>, <b@example.org>',
    'A\r\nBcc: x <a@example.org>',
  ])('%j is refused', (input) => {
    expect(() => parseSender(input)).toThrow(errors.sender_invalid.message)
  })
})
