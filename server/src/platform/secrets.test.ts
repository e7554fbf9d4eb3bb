import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import {
  codeFor,
  deriveKey,
  developmentSecretKey,
  hashToken,
  isSame,
  newToken,
  rowOfToken,
  seal,
  tokenOfRow,
  unseal,
} from './secrets.ts'

const root = mkdtempSync(path.join(tmpdir(), 'ashlar-secrets-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const sealingKey = deriveKey('a secret for tests', 'test')
const doesNotOpen = /unable to authenticate|Invalid (?:authentication tag|initialization vector)/

test('keys of two purposes and of two secrets have nothing in common', () => {
  const keys = [
    deriveKey('one', 'a'),
    deriveKey('one', 'b'),
    deriveKey('two', 'a'),
    deriveKey('one', 'a '),
  ].map((made) => made.toString('hex'))
  expect(new Set(keys).size).toBe(keys.length)
  expect(deriveKey('one', 'a')).toEqual(deriveKey('one', 'a'))
})

test('tokens carry 256 random bits behind their label and share nothing else', () => {
  const tokens = Array.from({ length: 10_000 }, () => newToken('ash_x_'))
  expect(new Set(tokens).size).toBe(tokens.length)
  expect(new Set(tokens.map((token) => token.slice(0, 10))).size).toBeGreaterThan(9_000)
  expect(tokens.every((token) => /^ash_x_[\w-]{43}$/.test(token))).toBe(true)
  expect(hashToken('a')).toHaveLength(32)
  expect(isSame(hashToken('a'), hashToken('a'))).toBe(true)
  expect(isSame(hashToken('a'), hashToken('b'))).toBe(false)
  expect(isSame(hashToken('a'), Buffer.from('a'))).toBe(false)
})

test('what was sealed opens again in its place, and nowhere else', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.string(),
      fc.string(),
      (bytes, here, there) => {
        const sealed = seal(sealingKey, Buffer.from(bytes), here)
        expect(unseal(sealingKey, sealed, here)).toEqual(Buffer.from(bytes))
        fc.pre(here !== there)
        expect(() => unseal(sealingKey, sealed, there)).toThrow(doesNotOpen)
      },
    ),
    { numRuns: 100 },
  )
})

test('one changed bit, a shorter envelope or another key opens nothing', () => {
  const sealed = seal(sealingKey, Buffer.from('the secret'), 'place')
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    expect(() => unseal(sealingKey, changed, 'place')).toThrow(doesNotOpen)
    expect(() => unseal(sealingKey, sealed.subarray(0, index), 'place')).toThrow(doesNotOpen)
  }
  expect(() => unseal(deriveKey('another', 'test'), sealed, 'place')).toThrow(doesNotOpen)
})

test('the same text is never sealed twice alike', () => {
  const sealed = Array.from({ length: 1_000 }, () =>
    seal(sealingKey, Buffer.from('x'), 'p').toString('hex'),
  )
  expect(new Set(sealed.map((text) => text.slice(0, 24))).size).toBe(1_000)
})

test('a row’s token names its row, and no other spelling of it does', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string(), (id, other) => {
      const token = tokenOfRow(sealingKey, id)
      expect(rowOfToken(sealingKey, token)).toBe(id)
      for (const forged of [
        `${token}=`,
        `${token} `,
        `${token}.x`,
        token.slice(0, -1),
        token.toUpperCase() === token ? '' : token.toUpperCase(),
        token.split('.')[0] ?? '',
        `${token.split('.')[0]}.`,
        tokenOfRow(deriveKey('another', 'test'), id),
        other,
      ])
        expect(rowOfToken(sealingKey, forged)).toBeNull()
    }),
    { numRuns: 100 },
  )
})

test('a row’s code has six digits, always the same ones', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(codeFor(sealingKey, id)).toMatch(/^\d{6}$/)
      expect(codeFor(sealingKey, id)).toBe(codeFor(sealingKey, id))
    }),
  )
})

test('eight first starts at once agree on one key, and leave nothing but it', async () => {
  const directory = path.join(root, 'race')
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const script = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { developmentSecretKey } = await import(workerData.module)
    const { gate } = workerData
    if (Atomics.add(gate, 0, 1) === workerData.count - 1) Atomics.store(gate, 1, 1)
    Atomics.notify(gate, 1)
    while (Atomics.load(gate, 1) === 0) Atomics.wait(gate, 1, 0, 10)
    parentPort.postMessage(developmentSecretKey(workerData.directory))`
  const module = new URL('secrets.ts', import.meta.url).href
  const made = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
        workerData: { module, directory, gate, count: 8 },
        execArgv: [],
      })
      const [key] = (await once(worker, 'message')) as [string]
      await worker.terminate()
      return key
    }),
  )
  expect([...new Set(made)]).toEqual([developmentSecretKey(directory)])
  expect(readdirSync(directory)).toEqual(['secret-key'])
  expect(statSync(path.join(directory, 'secret-key')).mode & 0o777).toBe(0o600)
})

test('a development key that was cut short is refused instead of used', () => {
  for (const text of ['', 'short']) {
    writeFileSync(path.join(root, 'secret-key'), text)
    expect(() => developmentSecretKey(root)).toThrow('secret-key')
  }
})
