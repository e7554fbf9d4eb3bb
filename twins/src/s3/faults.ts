/** Faults a test can order: errors, slowness, lost connections and damaged bodies. */
import { setTimeout as pause } from 'node:timers/promises'
import { S3Error } from './errors.ts'

export type Faults = {
  /** The next `count` requests are answered with this status and do nothing. */
  failNext(count: number, status: number): void
  /** Every answer waits this long, until 0 is given. */
  delay(ms: number): void
  /** The next `count` requests lose their connection before anything happens. */
  dropConnection(count?: number): void
  /** The next `count` requests take effect, but their answer is lost. */
  loseAnswer(count?: number): void
  /** The next `count` object bodies arrive with one flipped bit. */
  corruptBody(count?: number): void
  /** Back to health. */
  clear(): void
}

/** The twin's side of the plan. */
export type FaultPlan = {
  isNextDropped(): boolean
  isNextAnswerLost(): boolean
  damage(body: Buffer): Buffer
  beforeWork(): Promise<void>
}

const codes: Record<number, string> = {
  403: 'AccessDenied',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'SlowDown',
}

export function createFaultPlan(): { faults: Faults; plan: FaultPlan } {
  const healthy = { failures: 0, status: 500, delayMs: 0, drops: 0, lostAnswers: 0, damaged: 0 }
  const state = { ...healthy }
  return {
    faults: {
      failNext: (count, status) => void Object.assign(state, { failures: count, status }),
      delay: (ms) => void (state.delayMs = ms),
      dropConnection: (count = 1) => void (state.drops = count),
      loseAnswer: (count = 1) => void (state.lostAnswers = count),
      corruptBody: (count = 1) => void (state.damaged = count),
      clear: () => void Object.assign(state, healthy),
    },
    plan: {
      isNextDropped: () => state.drops > 0 && state.drops-- > 0,
      isNextAnswerLost: () => state.lostAnswers > 0 && state.lostAnswers-- > 0,
      damage(body) {
        const [first] = body
        if (state.damaged === 0 || first === undefined) return body
        state.damaged -= 1
        const damaged = Buffer.from(body)
        damaged[0] = first ^ 1
        return damaged
      },
      async beforeWork() {
        if (state.delayMs > 0) await pause(state.delayMs)
        if (state.failures === 0) return
        state.failures -= 1
        const code = codes[state.status] ?? 'InternalError'
        throw new S3Error(code, state.status, 'This failure was ordered by a fault plan.')
      },
    },
  }
}
