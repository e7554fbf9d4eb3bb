import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually } from '../../app/testing.ts'
import { watchEventLoop } from './event-loop.ts'

const blockMs = 300

function block(): void {
  const until = performance.now() + blockMs
  while (performance.now() < until);
}

test('everybody who asks is told of a block', async () => {
  const watch = watchEventLoop(60_000)
  await pause(50)
  block()
  await eventually(async () => watch.lagMs() > blockMs / 2)
  expect(watch.lagMs()).toBeGreaterThan(blockMs / 2)
  watch.close()
})

test('a block long past is forgotten, whether anybody asked or not', async () => {
  const watch = watchEventLoop(50)
  await pause(50)
  block()
  expect(await eventually(async () => watch.lagMs() < blockMs / 2)).toBe(true)
  watch.close()
})
