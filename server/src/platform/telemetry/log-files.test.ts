/** Log files stay bounded, also when several processes write them. */
import { renameSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLogFile } from './log-files.ts'
import { makeTemporaryDirectory } from './testing.ts'

let root: string
beforeAll(async () => {
  root = await makeTemporaryDirectory()
})
afterAll(async () => {
  await rm(root, { recursive: true })
})

const errors: Error[] = []
const options = {
  maxBytes: 10_000,
  keptFiles: 2,
  checkSeconds: 0.02,
  onError: (error: Error) => void errors.push(error),
}

test('a file beyond its size is renamed, the oldest deleted, and two writers lose no line between them', async () => {
  const directory = path.join(root, 'shared')
  const file = path.join(directory, 'combined.log')
  const roomy = { ...options, keptFiles: 1_000 }
  const writers = [openLogFile(file, roomy), openLogFile(file, roomy)]
  for (let number = 0; number < 60; number += 1) {
    for (const [index, writer] of writers.entries()) {
      for (let line = 0; line < 10; line += 1)
        writer.write(`${index}-${number}-${line} ${'x'.repeat(90)}\n`)
    }
    await pause(5)
  }
  await Promise.all(writers.map((writer) => writer.close()))

  const names = (await readdir(directory)).filter((name) => name.endsWith('.log'))
  const texts = await Promise.all(names.map((name) => readFile(path.join(directory, name), 'utf8')))
  const lines = texts.join('').trimEnd().split('\n')
  expect(errors).toEqual([])
  expect(names.length).toBeGreaterThan(2)
  expect(lines).toHaveLength(1200)
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(1200)
})

test('only as many renamed files are kept as asked for', async () => {
  const directory = path.join(root, 'bounded')
  const file = openLogFile(path.join(directory, 'combined.log'), options)
  for (let number = 0; number < 20; number += 1) {
    file.write(`${'y'.repeat(11_000)}\n`)
    await pause(30)
  }
  await file.close()

  const names = await readdir(directory)
  expect(names.sort()).toEqual(['combined.1.log', 'combined.2.log', 'combined.log'])
})

test('a file that somebody else renamed is followed by a new one', async () => {
  const directory = path.join(root, 'followed')
  const name = path.join(directory, 'combined.log')
  const file = openLogFile(name, options)
  file.write('before\n')
  file.flush()
  renameSync(name, `${name}.old`)
  file.write('between\n')
  file.flush()
  await expect.poll(() => readdir(directory)).toContain('combined.log')
  file.write('after\n')
  await file.close()

  expect(await readFile(name, 'utf8')).toBe('after\n')
  expect(await readFile(`${name}.old`, 'utf8')).toBe('before\nbetween\n')
})

test('a directory that cannot be made is an error at once', () => {
  expect(() => openLogFile('/dev/null/logs/combined.log', options)).toThrow(/ENOTDIR|EEXIST/)
})
