/** Only one twin has a file, and one that was killed does not have it any more. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startStripeTwin } from './index.ts'
import { lockFile } from './lock.ts'
import { apiKey, givenClient, givenFile, paid } from './testing.ts'

test('a second twin on the file of another is refused, and harms nothing', async () => {
  const file = givenFile()
  const first = await startStripeTwin({ apiKey, file })
  onTestFinished(() => first.close())
  await expect(startStripeTwin({ apiKey, file })).rejects.toThrow(
    `${file} is in use by another Stripe twin. End that one, or give this one a file of its own.`,
  )
  const intent = await paid(givenClient(first))
  await first.close()
  expect(existsSync(`${file}.lock`)).toBe(false)
  const second = await startStripeTwin({ apiKey, file })
  onTestFinished(() => second.close())
  expect(await givenClient(second).paymentIntents.retrieve(intent.id)).toMatchObject({
    status: 'succeeded',
  })
})

test('one that is on the way out is waited for', async () => {
  const file = givenFile()
  const lock = await lockFile(file)
  setTimeout(lock.release, 500)
  const began = Date.now()
  const next = await lockFile(file)
  expect(Date.now() - began).toBeGreaterThan(400)
  next.release()
})

test('what a kill left behind is no lock: not when nobody listens, nor when somebody else does', async () => {
  const file = givenFile()
  const stranger = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  onTestFinished(() => void stranger.close())
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  const first = await lockFile(file)
  const left = readFileSync(`${file}.lock`, 'utf8')
  first.release()
  const { token } = JSON.parse(left) as { token: string }
  for (const content of [left, JSON.stringify({ port, token }), 'nonsense', '']) {
    writeFileSync(`${file}.lock`, content)
    const lock = await lockFile(file)
    await expect(lockFile(file, 100)).rejects.toThrow(/in use/)
    lock.release()
  }
})

test('of many who come at once after a kill, one has it', async () => {
  const file = givenFile()
  const first = await lockFile(file)
  const left = readFileSync(`${file}.lock`, 'utf8')
  first.release()
  writeFileSync(`${file}.lock`, left)
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFile(file, 100)))
  const held = outcomes.filter(({ status }) => status === 'fulfilled')
  expect(held).toHaveLength(1)
  for (const each of outcomes) if (each.status === 'fulfilled') each.value.release()
})
