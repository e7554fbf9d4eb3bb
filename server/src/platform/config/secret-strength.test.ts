import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeWeakness } from './secret-strength.ts'

describe('secret strength', () => {
  test.each([
    ['secret', 'well-known'],
    ['changeme', 'well-known'],
    ['Change-Me', 'well-known'],
    ['your-secret-key', 'well-known'],
    ['your_super_secret_jwt_key_of_32_characters', 'well-known'],
    ['please-change-this-before-you-go-live-0', 'well-known'],
    ['keyboard cat keyboard cat keyboard cat', 'well-known'],
    ['django-insecure-k3j4h5k3j4h5k3jh4k5jh34k5j', 'well-known'],
    ['0123456789abcdef0123456789abcdef', 'well-known'],
    ['                                      ', 'well-known'],
    ['a'.repeat(64), 'repeats'],
    ['Zq7!'.repeat(12), 'repeats'],
    ['0110100110010110011010011001011001101001', 'repeats'],
    ['aB3$kL9', 'shorter'],
    ['k3Vw9Qz1Lp7Xt5Rb2Nc8Hd4Jf6Gs0M', 'shorter'],
    ['aaaaaaaaaaaaaaaaaaaaaaaabcdefhij', 'predictable'],
  ])('%j is refused', (secret, reason) => {
    expect(describeWeakness(secret)).toContain(reason)
  })

  test('every generated secret of 24 bytes or more is accepted, whatever its spelling', () => {
    const spelling = fc.constantFrom('hex', 'base64', 'base64url')
    fc.assert(
      fc.property(spelling, fc.integer({ min: 24, max: 96 }), (encoding, bytes) => {
        const secret = randomBytes(bytes).toString(encoding)
        expect(describeWeakness(secret)).toBeUndefined()
      }),
    )
  })
})
