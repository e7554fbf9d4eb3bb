import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { superviseWorker, type Supervised } from './supervise.ts'
import { eventually } from './testing-system.ts'

const entry = new URL('testing-child.ts', import.meta.url)
const log = { info: () => {}, warn: () => {}, error: () => {} }
const lost: string[] = []
let refusals = 0
let supervised: Supervised | null = null

afterEach(async () => {
  await supervised?.stop(2)
  supervised = null
  lost.length = 0
  refusals = 0
})

function supervise(mode: string): Supervised {
  supervised = superviseWorker({
    entry,
    args: [mode],
    heartbeatTimeoutSeconds: 1.5,
    memoryMb: 128,
    log,
    onLost: (reason) => lost.push(reason),
    onRefused: () => (refusals += 1),
  })
  return supervised
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a child that ends is replaced by another', async () => {
  const { child } = supervise('crash')
  const first = child()?.pid
  await eventually(
    () => child()?.pid,
    (pid) => pid !== undefined && pid !== first,
  )
  expect(lost[0]).toBe('ended with code 3')
})

test('a child that cannot use the job store is not replaced, and that is said once', async () => {
  const { child } = supervise('refuse')
  await eventually(
    () => refusals,
    (count) => count === 1,
  )
  await pause(1_000)
  expect([child(), refusals, lost]).toEqual([null, 1, []])
})

test('a child whose event loop spins is killed', async () => {
  supervise('spin')
  await eventually(
    () => lost,
    (reasons) => reasons.length > 0,
  )
  expect(lost).toEqual(['its event loop stood still'])
})

test('a child that takes too much memory outside its heap is killed', async () => {
  supervise('devour')
  await eventually(
    () => lost,
    (reasons) => reasons.length > 0,
  )
  expect(lost).toEqual(['used too much memory'])
})

test('a child is asked to end and not replaced', async () => {
  const { child, stop } = supervise('obedient')
  const pid = child()?.pid ?? 0
  await once(child() ?? process, 'message')
  await stop(10)
  expect(isAlive(pid)).toBe(false)
  expect(lost).toEqual([])
})

test('a child that does not end when asked is killed after its time', async () => {
  const { child, stop } = supervise('deaf')
  const pid = child()?.pid ?? 0
  await once(child() ?? process, 'message')
  await stop(0.3)
  expect(isAlive(pid)).toBe(false)
})

test('a child does not outlive a supervisor that was killed', async () => {
  const supervisor = fork(entry, ['supervisor'])
  const [{ pid }] = (await once(supervisor, 'message')) as [{ pid: number }]
  expect(isAlive(pid)).toBe(true)
  supervisor.kill('SIGKILL')
  await eventually(
    () => isAlive(pid),
    (alive) => !alive,
  )
})
