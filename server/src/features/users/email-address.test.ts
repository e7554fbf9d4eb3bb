/** Addresses have one form, and nothing that looks like one and is another passes. */
import { assert, emailAddress, oneof, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalEmail, findCanonicalEmail } from './email-address.ts'

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['  Ada@Example.COM\n', 'ada@example.com'],
  ['ADA+news@sub.Example.co.uk', 'ada+news@sub.example.co.uk'],
  ["o'brien_x-1@example.com", "o'brien_x-1@example.com"],
  ['ada@xn--mller-kva.de', 'ada@xn--mller-kva.de'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
])('%j is the address %j', (given, canonical) => {
  expect(canonicalEmail(given)).toBe(canonical)
})

const tricks = {
  'two addresses': 'a@example.com,b@example.com',
  'two addresses by semicolon': 'a@example.com;b@example.com',
  'a quoted local part': '"evil@evil.example"@example.com',
  'a display name': 'Ada <ada@example.com>',
  'angle brackets': '<ada@example.com>',
  'a line feed': 'ada@example.com\nbcc:evil@evil.example',
  'a carriage return': 'ada@example.com\r\nRCPT TO:<evil@evil.example>',
  'a comment': 'ada(comment)@example.com',
  'a source route': '@relay.example:ada@example.com',
  'a percent route': 'ada@evil.example@example.com',
  'an address literal': 'ada@[127.0.0.1]',
  'a bare host': 'ada@localhost',
  'a trailing dot': 'ada@example.com.',
  'a leading dot': '.ada@example.com',
  'two dots': 'a..da@example.com',
  'a space inside': 'ada @example.com',
  'a full-width letter': 'ａda@example.com',
  'a full-width at sign': 'ada＠example.com',
  'a small at sign': 'ada﹫example.com',
  'a ligature': 'oﬀice@example.com',
  'a Kelvin sign': '\u212Aevin@example.com',
  'a Turkish capital I': 'İda@example.com',
  'a Turkish dotless i': 'ıda@example.com',
  'a Cyrillic letter': 'аda@example.com',
  'a zero-width space': 'ada\u200b@example.com',
  'a zero-width joiner': 'ada\u200d@example.com',
  'a soft hyphen': 'a\u00adda@example.com',
  'a direction mark': '\u202eada@example.com',
  'a combining mark': 'a\u0301da@example.com',
  'a null': 'ada\u0000@example.com',
  'a long local part': `${'a'.repeat(65)}@example.com`,
  'too long in all': `${'a'.repeat(60)}@${'b.'.repeat(100)}example`,
  'no local part': '@example.com',
  'no domain': 'ada@',
  'nothing at all': '   ',
}

test.each(Object.entries(tricks))('%s is refused', (_name, given) => {
  expect(() => canonicalEmail(given)).toThrow(
    expect.objectContaining({ code: 'users.invalid_email', status: 422 }),
  )
  expect(findCanonicalEmail(given)).toBeNull()
})

test('whatever is accepted is one plain lower-case address that stays as it is', () => {
  const anything = oneof(
    string({ unit: 'binary' }),
    emailAddress(),
    tuple(string({ unit: 'grapheme' }), string()).map(([a, b]) => `${a}@${b}.com`),
  )
  assert(
    property(anything, (given) => {
      const canonical = findCanonicalEmail(given)
      if (canonical === null) return
      expect(canonical).toMatch(/^[\x21-\x3f\x41-\x7e]+@[a-z0-9.-]+$/)
      expect(canonical).not.toMatch(/[A-Z,;:<>()"\\[\]]/)
      expect(canonicalEmail(canonical)).toBe(canonical)
      expect(canonicalEmail(` ${canonical.toUpperCase()} `)).toBe(canonical)
    }),
  )
})
