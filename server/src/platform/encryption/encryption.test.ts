/** Envelopes: readable in their place with their key, and nowhere else. */
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { currentHead, decrypt, encrypt, keyringOf } from './index.ts'

const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [one, two] = [keyOf('one'), keyOf('two')]
const ringOf = (...encryptionKeys: string[]) => keyringOf({ encryptionKeys, secretKey: 'a secret' })
const place = { table: 'a_table', column: 'secret', row: '1' }
const plain = Buffer.from('what nobody else may read')

function codeOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'readable'
}

test('what was encrypted is read again, in its place alone', () => {
  const envelope = encrypt(ringOf(one), plain, place)
  expect(decrypt(ringOf(one), envelope, place)).toEqual(plain)
  expect(envelope.includes(plain)).toBe(false)
  const elsewhere = [
    { ...place, row: '2' },
    { ...place, column: 'other' },
    { ...place, table: 'another' },
    { table: 'a_table","secret', column: '', row: '1' },
  ]
  for (const other of elsewhere)
    expect(codeOf(() => decrypt(ringOf(one), envelope, other))).toBe('encryption.unreadable')
})

test('a changed bit, a cut end, an unknown version: never garbage', () => {
  const envelope = encrypt(ringOf(one), plain, place)
  for (let at = 0; at < envelope.length; at += 1) {
    const changed = Buffer.from(envelope)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(codeOf(() => decrypt(ringOf(one), changed, place))).toBe('encryption.unreadable')
  }
  for (let length = 0; length < envelope.length; length += 1)
    expect(codeOf(() => decrypt(ringOf(one), envelope.subarray(0, length), place))).toBe(
      'encryption.unreadable',
    )
})

test('the first key encrypts, every key decrypts, a missing or exchanged one fails', () => {
  const old = encrypt(ringOf(one), plain, place)
  const both = ringOf(two, one)
  expect(decrypt(both, old, place)).toEqual(plain)
  const anew = encrypt(both, plain, place)
  expect(decrypt(ringOf(two), anew, place)).toEqual(plain)
  expect(codeOf(() => decrypt(ringOf(two), old, place))).toBe('encryption.unreadable')
  const impostor = ringOf(keyOf('one'))
  expect(codeOf(() => decrypt(impostor, old, place))).toBe('encryption.unreadable')
})

test('the head tells which envelopes wait for the current key', () => {
  const head = currentHead(ringOf(two, one))
  const startsWithHead = (envelope: Buffer) => envelope.subarray(0, head.length).equals(head)
  expect(startsWithHead(encrypt(ringOf(one), plain, place))).toBe(false)
  expect(startsWithHead(encrypt(ringOf(two, one), plain, place))).toBe(true)
  // One id that begins like another is another.
  expect(startsWithHead(encrypt(ringOf(keyOf('two2')), plain, place))).toBe(false)
})

test('without keys, one is derived from SECRET_KEY, and stays readable when keys are given later', () => {
  const envelope = encrypt(ringOf(), plain, place)
  expect(decrypt(ringOf(one), envelope, place)).toEqual(plain)
  const other = keyringOf({ secretKey: 'another secret' })
  expect(codeOf(() => decrypt(other, envelope, place))).toBe('encryption.unreadable')
})

test('10,000 encryptions, and no nonce twice', () => {
  const ring = ringOf(one)
  const headLength = currentHead(ring).length
  const nonces = Array.from({ length: 10_000 }, () =>
    encrypt(ring, plain, place)
      .subarray(headLength, headLength + 12)
      .toString('hex'),
  )
  expect(new Set(nonces).size).toBe(10_000)
})
