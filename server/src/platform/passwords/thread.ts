/**
 * The thread that does what would hold up the event loop: measuring passwords, and bcrypt. It is started when it is
 * first needed and ends when it has had nothing to do for a while; it does one thing at a time.
 */
import { Worker } from 'node:worker_threads'
import { passwordErrors } from './errors.ts'
import { openSlots } from './slots.ts'
import type { Strength } from './strength.ts'
import type { Answer, Task } from './thread.worker.ts'

export type PasswordThread = {
  /**
   * How hard a password is to guess by somebody who knows these words of its owner. Throws `passwords.busy` (503) when
   * the queue is full or no answer comes.
   */
  measure(password: string, words: readonly string[]): Promise<Strength>
  /** Whether a password fits a bcrypt hash. Throws as `measure`. */
  compareBcrypt(password: string, hash: string): Promise<boolean>
  /** Ends the thread; what it was doing is refused. */
  close(): Promise<void>
}

/** A measure takes a hundredth of a second, a tenth at most: these wait a few seconds. */
const queueLimit = 100
/** Far more than the longest task, with reading the dictionaries on a busy machine. */
const taskTimeoutMs = 20_000
/** The dictionaries hold 60 MB, and most hours nobody signs up. */
const idleMs = 5 * 60_000
const maxHeapMb = 256

export function openPasswordThread(): PasswordThread {
  const slots = openSlots(1, queueLimit)
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | null = null

  async function stop(): Promise<void> {
    if (idle) clearTimeout(idle)
    const ending = worker
    worker = null
    await ending?.terminate()
  }

  async function ask(task: Task): Promise<Answer> {
    if (idle) clearTimeout(idle)
    worker ??= startWorker()
    try {
      return await answerOf(worker, task)
    } catch (cause) {
      await stop()
      throw passwordErrors.busy({}, { cause })
    } finally {
      idle = setTimeout(() => void stop(), idleMs).unref()
    }
  }

  return {
    measure: async (password, words) => {
      const answer = await slots(() => ask({ kind: 'measure', password, words }))
      if (typeof answer !== 'object') throw new Error('the thread answered something else')
      return answer
    },
    compareBcrypt: async (password, hash) =>
      (await slots(() => ask({ kind: 'bcrypt', password, hash }))) === true,
    close: stop,
  }
}

/** No flags and no environment of the process: neither is any of its business. */
function startWorker(): Worker {
  const worker = new Worker(new URL('thread.worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  })
  worker.unref()
  return worker
}

function answerOf(worker: Worker, task: Task): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const timer = setTimeout(() => reject(new Error('no answer in time')), taskTimeoutMs)
  const onExit = () => reject(new Error('the thread has ended'))
  worker.ref()
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', onExit)
  worker.postMessage(task, [])
  return promise.finally(() => {
    clearTimeout(timer)
    worker.off('message', resolve)
    worker.off('error', reject)
    worker.off('exit', onExit)
    worker.unref()
  })
}
