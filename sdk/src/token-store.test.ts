/** What is found where others write, too. */
import { expect, test } from 'vitest'
import { storageStore } from './token-store.ts'

const tokens = { accessToken: 'a', refreshToken: 'r', refreshAt: 1 }

function givenStore(text: string | null) {
  const area = new Map(text === null ? [] : [['ashlar.tokens', text]])
  return storageStore({
    getItem: (key) => area.get(key) ?? null,
    setItem: (key, value) => void area.set(key, value),
    removeItem: (key) => void area.delete(key),
  })
}

test('what was written is read, until it is removed', async () => {
  const store = givenStore(null)
  expect(await store.read()).toBeNull()
  await store.write(tokens)
  expect(await store.read()).toEqual(tokens)
  await store.write(null)
  expect(await store.read()).toBeNull()
})

test.each([
  '',
  '{',
  'null',
  '7',
  '[]',
  '{}',
  '{"accessToken":"a"}',
  '{"accessToken":1,"refreshToken":"r","refreshAt":1}',
])('what is no pair of tokens (%s) is nobody’s, and does not stop anything', async (text) => {
  const store = givenStore(text)
  expect(await store.read()).toBeNull()
  await store.write(tokens)
  expect(await store.read()).toEqual(tokens)
})
