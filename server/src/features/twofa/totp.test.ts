/** Codes against time: the current step and the one before, never the next, by the server's clock alone. */
import { expect, test } from 'vitest'
import { findStep, newSecret } from './totp.ts'

/** RFC 6238, appendix B, SHA-1: the last six of the eight digits. */
const rfcSecret = Buffer.from('12345678901234567890')
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('the published code of second %i', (seconds, code) => {
  expect(findStep(rfcSecret, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30))
})

test('a code lives for its own half minute and the next one', () => {
  const start = 1_111_111_110
  const code = '050471'
  const accepted = []
  for (let seconds = start - 90; seconds < start + 120; seconds += 1)
    if (findStep(rfcSecret, code, new Date(seconds * 1000)) !== null) accepted.push(seconds - start)
  expect([accepted.at(0), accepted.at(-1), accepted.length]).toEqual([0, 59, 60])
})

test('what is no code of six digits is none', () => {
  const now = new Date(59_000)
  for (const code of ['', '28708', '2870820', ' 287082', '२८७०८२', '287082\n'])
    expect(findStep(rfcSecret, code, now)).toBeNull()
})

test('a secret has 160 bits, and no two are the same', () => {
  const secrets = Array.from({ length: 1000 }, newSecret)
  expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1000)
  expect(secrets.every(({ length }) => length === 20)).toBe(true)
})
