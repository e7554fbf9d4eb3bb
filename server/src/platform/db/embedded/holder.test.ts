/** Who may hold a directory: exactly one live process, whatever the dead ones left. */
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { takeDirectory, type Holder } from './holder.ts'

const undo: (() => Promise<unknown>)[] = []
const never = () => expect.fail('the directory was lost')

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
})

test('of many contenders exactly one gets the directory, time after time', async () => {
  const directory = await givenDirectory()
  for (let round = 0; round < 5; round++) {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => takeDirectory(directory, never)),
    )
    const winners = results.filter((result) => result.status === 'fulfilled')
    const losers = results.filter((result) => result.status === 'rejected')

    expect(winners).toHaveLength(1)
    for (const { reason } of losers) expect(reason).toMatchObject({ reason: 'held' })
    await winners[0]?.value.release()
  }
  expect(await readdir(directory)).toEqual(['holder-5.json'])
})

test('a holder that died is replaced by exactly one of many contenders', async () => {
  const directory = await givenDirectory()
  for (let round = 0; round < 5; round++) {
    await givenEntry(directory, 10 * round + 9, { pid: 2 ** 30 })
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => take(directory)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    await Promise.all(undo.splice(1).map((release) => release()))
  }
})

test('a living process that got the number of a dead holder is not taken for it', async () => {
  const directory = await givenDirectory()
  await givenEntry(directory, 3, { pid: process.pid, token: 'another life' })

  await take(directory)
  expect(await readdir(directory)).toEqual(['holder-4.json'])
})

test('an unreadable file holds nothing', async () => {
  const directory = await givenDirectory()
  await writeFile(join(directory, 'holder-8.json'), '{"pid":')

  await take(directory)
  expect(await readdir(directory)).toEqual(['holder-9.json'])
})

test('a holder in another container is known by its heartbeat', { timeout: 120_000 }, async () => {
  const directory = await givenDirectory()
  const path = await givenEntry(directory, 1, { pid: 1, namespace: 'another container' })
  const heart = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(never)
  }, 300)
  undo.push(async () => clearInterval(heart))

  await expect(takeDirectory(directory, never)).rejects.toMatchObject({ reason: 'held' })
  clearInterval(heart)
  await take(directory)
  expect(await readdir(directory)).toEqual(['holder-2.json'])
})

test('a holder whose place was taken is told', { timeout: 120_000 }, async () => {
  const directory = await givenDirectory()
  const lost = Promise.withResolvers<void>()
  const holder = await takeDirectory(directory, lost.resolve)
  await rm(join(directory, 'holder-1.json'))

  await lost.promise
  await holder.release()
  expect(await readdir(directory)).toEqual([])
})

test('the message to others names the process, its start and its address', async () => {
  const directory = await givenDirectory()
  const holder = await take(directory)
  await holder.recordUrl('http://localhost:4000')

  await expect(takeDirectory(directory, never)).rejects.toThrow(
    new RegExp(
      `process \\(pid ${process.pid}\\), running since 20\\S+Z, reachable at http://localhost:4000;`,
    ),
  )
})

async function givenDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ashlar-holder-'))
  undo.push(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function take(directory: string): Promise<Holder> {
  const holder = await takeDirectory(directory, never)
  undo.push(() => holder.release())
  return holder
}

/** A file like those of real holders, with some fields changed. */
async function givenEntry(
  directory: string,
  generation: number,
  change: Record<string, unknown>,
): Promise<string> {
  const example = await givenDirectory()
  await (await takeDirectory(example, never)).release()
  const real: unknown = JSON.parse(await readFile(join(example, 'holder-1.json'), 'utf8'))
  const path = join(directory, `holder-${generation}.json`)
  await writeFile(path, JSON.stringify({ ...Object(real), released: false, ...change }))
  return path
}
