/** Secrets that are told by their looks: what is found, what is left alone, and that searching stays cheap. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactText } from './redact-text.ts'

test.each([
  ['card 4242 4242 4242 4242 declined', 'card [redacted] card declined'],
  [
    'card 4242424242424241 has a wrong check digit',
    'card 4242424242424241 has a wrong check digit',
  ],
  ['postgres://u:p@db:5432/x', 'postgres://[redacted]@db:5432/x'],
  ['http://localhost:5000/users/@me', 'http://localhost:5000/users/@me'],
  ['Bearer abcdef123456', 'Bearer [redacted]'],
  ['Basic dXNlcjpwYXNz', 'Basic [redacted]'],
  ['Basic information about users', 'Basic information about users'],
  ['hash_function is unknown', 'hash_function is unknown'],
  ['0198c1f2-7c1e-7000-8000-000000000000', '0198c1f2-7c1e-7000-8000-000000000000'],
  ['2026-11-21T10:00:00.000Z', '2026-11-21T10:00:00.000Z'],
  [
    'invalid input syntax for type integer: "4a"',
    'invalid input syntax for type integer: "[redacted]"',
  ],
])('%s becomes %s', (text, expected) => {
  expect(redactText(text)).toBe(expected)
})

test('the parameters of a failed query go, its frames stay', () => {
  const text = 'Failed query: select $1\nparams: one,two\nthree\n    at run (file.ts:1:1)'
  expect(redactText(text)).toBe(
    'Failed query: select $1\nparams: [redacted]\n    at run (file.ts:1:1)',
  )
})

test('a password in a URL is never left, whatever characters it is made of', () => {
  const password = fc
    .string({ minLength: 8, maxLength: 60 })
    .map((text) => encodeURIComponent(text.replaceAll(/[\uD800-\uDFFF]/g, 'x')))
    .filter((text) => text.length >= 8)
  fc.assert(
    fc.property(password, (secret) => {
      expect(redactText(`at postgres://user:${secret}@host/db now`)).toBe(
        'at postgres://[redacted]@host/db now',
      )
    }),
  )
})

test('redacting twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const once = redactText(`password=${text} token: ${text}`)
      expect(redactText(once)).toBe(once)
    }),
  )
})

test('very long texts are cut and say by how much', () => {
  const text = redactText('x'.repeat(20_000))
  expect(text).toHaveLength(16_384 + '… [3616 more characters]'.length)
})
