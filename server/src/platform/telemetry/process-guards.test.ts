/** The last resort, in processes that really end. */
import { expect, test } from 'vitest'
import { type Finished, runProgram, telemetryUrl } from './testing.ts'

test.each([
  ['a thrown error', 'setTimeout(() => { throw new Error("boom") })', 'uncaught exception'],
  ['a rejection', 'Promise.reject(new Error("boom"))', 'unhandled rejection'],
])('after %s the process drains and ends with code 1', async (_name, failure, message) => {
  const { exitCode, stdout, stderr } = await program(
    `
    async () => {
      await new Promise((done) => setTimeout(done, 50))
      log.info('drained')
    }`,
    failure,
  )

  expect(exitCode).toBe(1)
  expect(stderr).toBe('')
  expect(linesOf(stdout)).toMatchObject([
    { level: 'fatal', message: `${message}: the process ends`, error: { message: 'boom' } },
    { level: 'info', message: 'drained' },
  ])
})

test('a second failure while draining is logged and does not drain again', async () => {
  const { exitCode, stdout } = await program(
    `async () => {
      log.info('draining')
      setTimeout(() => { throw new Error('second') })
      await new Promise((done) => setTimeout(done, 50))
    }`,
    'setTimeout(() => { throw new Error("first") })',
  )

  expect(exitCode).toBe(1)
  expect(linesOf(stdout).map((line) => line['message'])).toEqual([
    'uncaught exception: the process ends',
    'draining',
    'uncaught exception: the process ends',
  ])
})

test('a drain that hangs or fails does not keep the process', async () => {
  const hanging = await program('() => new Promise(() => undefined)', 'Promise.reject(1)')
  const failing = await program('() => { throw new Error("no") }', 'Promise.reject(1)')

  expect([hanging.exitCode, failing.exitCode]).toEqual([1, 1])
  const messagesOf = ({ stdout }: Finished) => linesOf(stdout).map(({ message }) => message)
  expect(messagesOf(hanging)).toContain('draining took too long')
  // Both are written in the same millisecond, and the one that was on its way may come behind the other.
  expect(messagesOf(failing)).toContain('draining failed')
})

function program(onFatal: string, failure: string): Promise<Finished> {
  return runProgram(`
    import { guardProcess, openLog } from '${telemetryUrl}'
    const log = openLog({ level: 'info', name: 'program', version: '1' })
    guardProcess({ log, drainTimeoutMs: 300, onFatal: ${onFatal} })
    ${failure}`)
}

/**
 * Each line once, by its time: a line that is on its way when the last flush comes may be written twice and behind later
 * ones, which beats not at all (sonic-boom's `flushSync` does not wait for a write that is under way).
 */
function linesOf(text: string): Record<string, unknown>[] {
  return [...new Set(text.trimEnd().split('\n'))]
    .map((line): Record<string, unknown> => JSON.parse(line))
    .toSorted((one, other) => String(one['timestamp']).localeCompare(String(other['timestamp'])))
}
