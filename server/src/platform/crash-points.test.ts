/** The places themselves: each is where it says it is, a name that is none is refused, and whoever is told to dies there. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from './config/index.ts'
import { armCrashPoints, crashPoint, crashPoints, readCrashPlan } from './crash-points.ts'

const source = path.resolve(import.meta.dirname, '..')

test('every name is one place in the code, and every room’s places bear its name', async () => {
  const places: { point: string; file: string }[] = []
  for (const name of await readdir(source, { recursive: true })) {
    if (!name.endsWith('.ts') || /[.](test|child)[.]ts$/.test(name)) continue
    const text = await readFile(path.join(source, name), 'utf8')
    for (const [, point = ''] of text.matchAll(/crashPoint\('([^']*)'\)/g))
      places.push({ point, file: name })
  }
  expect(places.map(({ point }) => point).toSorted()).toEqual(crashPoints.toSorted())
  const foreign = places.filter(
    ({ point, file }) =>
      file.startsWith('features/') && !file.startsWith(`features/${point.split('.')[0]}/`),
  )
  expect(foreign).toEqual([])
})

test('a name that is none keeps the process from starting, and so does one that would be passed no time', () => {
  expect(readCrashPlan('payments.after_call')).toEqual({ point: 'payments.after_call', pass: 1 })
  expect(readCrashPlan('payments.after_call:3')).toEqual({ point: 'payments.after_call', pass: 3 })
  for (const text of [
    'payments.after_cal',
    'payments',
    'payments.after_call:0',
    'toString.name',
    '',
  ])
    expect(readCrashPlan(text), text).toBeNull()
  expect(() => armCrashPoints(['payments.after_cal'])).toThrow('there is no crash point')
  for (const ASHLAR_CRASH of ['payments.after_cal', 'payments.after_call:3,inbox.nowhere'])
    expect(loadConfig({ NODE_ENV: 'test', ASHLAR_CRASH })).toMatchObject({
      problems: [{ name: 'ASHLAR_CRASH', kind: 'invalid' }],
    })
})

test('whoever is told to dies at the third pass, by SIGKILL and in the middle of the line', async () => {
  const child = fork(new URL('crash-points.child.ts', import.meta.url), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += String(chunk)))
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
  expect(output).toBe('pass 1\npass 2\n')
})

test('who is told nothing passes', () => {
  armCrashPoints([])
  expect(() => crashPoints.forEach(crashPoint)).not.toThrow()
})
