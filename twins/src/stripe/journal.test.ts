/** The file itself: torn, broken, of another kind, wanted by two, and never larger than it has to be. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { apiVersion, startStripeTwin } from './index.ts'
import type { Journal } from './journal.ts'
import { memoryOn, openMemory } from './memory.ts'
import { apiKey, copyOf, givenClient, givenFile, paid } from './testing.ts'

const version = 'of a test'

/** A memory with these, one entry after the other. */
function givenWritten(count: number): string {
  const file = givenFile()
  const memory = openMemory(file, version)
  const shelf = memory.shelf<{ number: number; text: string }>('things')
  memory.wake()
  for (let number = 1; number <= count; number += 1) {
    shelf.set(`thing ${number}`, { number, text: 'ä\n"€' })
    shelf.set('last', { number, text: '' })
    memory.commit()
  }
  memory.close()
  return file
}

function read(file: string): Map<string, { number: number }> {
  const memory = openMemory(file, version)
  const shelf = memory.shelf<{ number: number }>('things')
  memory.wake()
  memory.close()
  return shelf
}

test('torn anywhere in its last entry, it has all entries before and nothing of that one', () => {
  const file = givenWritten(3)
  const bytes = readFileSync(file)
  const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1
  for (let length = start; length < bytes.length; length += 1) {
    const torn = copyOf(file)
    truncateSync(torn, length)
    const things = read(torn)
    expect([...things.keys()], `${length} bytes`).toEqual(['thing 1', 'last', 'thing 2'])
    expect(things.get('last')).toMatchObject({ number: 2 })
    // What is written then does not lie behind the torn end.
    expect(read(torn)).toEqual(things)
  }
  expect(read(file).get('last')).toMatchObject({ number: 3 })
})

test('zeros at its end, as a machine without power leaves them, are no entry', () => {
  const file = givenWritten(2)
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)]))
  expect(read(file).get('last')).toMatchObject({ number: 2 })
})

test('broken in the middle, of another format or of somebody else, it is refused with what to do, and left as it is', async () => {
  const file = givenFile()
  const twin = await startStripeTwin({ apiKey, file })
  await paid(givenClient(twin))
  await twin.close()
  const bytes = readFileSync(file)
  const broken = Buffer.from(bytes)
  broken[bytes.indexOf('acct_') + 1] = 0x54
  const cases: [content: Buffer, complaint: RegExp][] = [
    [broken, /is broken in line 2, and there is more behind it\. Delete .*stripe\.journal/],
    [
      readFileSync(givenWritten(3)),
      /was written by another version of the Stripe twin.*Delete .*stripe\.journal/,
    ],
    [Buffer.from('{"my":"homework"}\n'), /is not a file of the Stripe twin.*Delete/],
    [bytes.subarray(0, 20), /is not a file of the Stripe twin, or its first line is broken/],
  ]
  for (const [content, complaint] of cases) {
    writeFileSync(file, content)
    // Nobody has it after the first try.
    for (let tries = 0; tries < 2; tries += 1)
      await expect(startStripeTwin({ apiKey, file })).rejects.toThrow(complaint)
    expect(readFileSync(file).equals(content)).toBe(true)
  }
})

test('what only a later twin knows is refused, not left out', async () => {
  const cases: [shelf: string, thing: object, complaint: RegExp][] = [
    ['acct_1/quotes', {}, /has no shelf for acct_1\/quotes\. Delete .*stripe\.journal/],
    ['clock.entries', { name: 'quotes.end' }, /how to do quotes\.end\. Delete .*stripe\.journal/],
  ]
  for (const [name, thing, complaint] of cases) {
    const file = givenFile()
    const memory = openMemory(file, apiVersion)
    const shelf = memory.shelf(name)
    memory.wake()
    shelf.set('1', thing)
    memory.commit()
    memory.close()
    await expect(startStripeTwin({ apiKey, file })).rejects.toThrow(complaint)
  }
})

test('things lie on their shelf in the order in which they came, over removals and starts', () => {
  const file = givenFile()
  const memory = openMemory(file, version)
  const shelf = memory.shelf<number>('things')
  memory.wake()
  const settled = (...keys: string[]) => {
    memory.commit()
    expect([...shelf.keys()]).toEqual(keys)
    expect([...read(copyOf(file)).keys()]).toEqual(keys)
  }
  shelf.get('c')
  for (const key of ['a', 'b', 'c']) shelf.set(key, 1)
  settled('a', 'b', 'c')
  shelf.delete('a')
  shelf.set('a', 1)
  shelf.set('b', 2)
  settled('b', 'c', 'a')
  shelf.set('d', 1)
  shelf.delete('d')
  shelf.delete('b')
  settled('c', 'a')
  memory.close()
})

test('it does not grow with what is changed, only with what is there', () => {
  const file = givenFile()
  const memory = openMemory(file, version)
  const shelf = memory.shelf<{ number: number; text: string }>('things')
  memory.wake()
  let largest = 0
  for (let number = 0; number < 40_000; number += 1) {
    shelf.set('one', { number, text: 'x'.repeat(1000) })
    memory.commit()
    if (number % 100 === 0) largest = Math.max(largest, statSync(file).size)
  }
  expect(largest).toBeLessThan(9 * 1024 * 1024)
  expect(largest).toBeGreaterThan(1024 * 1024)
  memory.close()
  expect(read(file).get('one')).toMatchObject({ number: 39_999 })
  expect(statSync(file).size).toBeLessThan(3000)
})

test('what did not fit on the disk is written with the next entry', () => {
  let isFull = true
  const entries: unknown[] = []
  const journal: Journal = {
    append(entry) {
      if (isFull) throw new Error('no space left on device')
      entries.push(JSON.parse(entry))
    },
    replace() {},
    size: () => 0,
    close() {},
  }
  const memory = memoryOn({ journal, entries: [] })
  const shelf = memory.shelf<number>('things')
  memory.wake()
  shelf.set('one', 1)
  expect(memory.commit).toThrow('no space')
  shelf.set('two', 2)
  expect(memory.commit).toThrow('no space')
  isFull = false
  memory.commit()
  memory.commit()
  expect(entries).toEqual([
    [
      ['things', 'one', 1],
      ['things', 'two', 2],
    ],
  ])
})

test('without room for a second file, the first one goes on and loses nothing', () => {
  const entries: string[] = []
  let replacements = 0
  const journal: Journal = {
    append: (entry) => void entries.push(entry),
    replace() {
      replacements += 1
      if (replacements > 1) throw new Error('no space left on device')
    },
    size: () => entries.reduce((sum, { length }) => sum + length, 0),
    close() {},
  }
  const memory = memoryOn({ journal, entries: [] })
  const shelf = memory.shelf<string>('things')
  memory.wake()
  for (let number = 0; number < 40; number += 1) {
    shelf.set('one', `${number}${'x'.repeat(1024 * 1024)}`)
    memory.commit()
  }
  expect(entries).toHaveLength(40)
  // Once at the start; then now and then, not with every entry.
  expect(replacements).toBe(1 + 5)
})

test('nothing is written when nothing has changed', async () => {
  const file = givenFile()
  const twin = await startStripeTwin({ apiKey, file })
  onTestFinished(() => twin.close())
  const client = givenClient(twin)
  const intent = await paid(client)
  await twin.quiet()
  const { size } = statSync(file)
  await client.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })
  await client.charges.list()
  await client.balance.retrieve()
  expect(statSync(file).size).toBe(size)
  await paid(client)
  expect(statSync(file).size).toBeGreaterThan(size)
})
