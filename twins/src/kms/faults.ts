/** Faults a test can order: refusals, throttling, slowness, lost connections, wrong signatures. */
import { setTimeout as pause } from 'node:timers/promises'
import { KmsError } from './errors.ts'

export type Faults = {
  /** The next `count` requests are answered with this error and do nothing. */
  failNext(count: number, type: string): void
  /** The next `count` requests come too fast. */
  throttleNext(count: number): void
  /** Every answer waits this long, until 0 is given. */
  delay(ms: number): void
  /** Every connection is dropped before anything happens, until `clear`. */
  goDown(): void
  /** The next `count` signatures have one flipped bit. */
  damageSignatures(count: number): void
  /** Back to health. */
  clear(): void
}

/** The twin's side of the plan. */
export type FaultPlan = {
  isDown(): boolean
  beforeWork(): Promise<void>
  afterWork(answer: object): object
}

const statuses: Readonly<Record<string, number>> = {
  KMSInternalException: 500,
  KeyUnavailableException: 500,
  DependencyTimeoutException: 503,
}

export function createFaultPlan(): { faults: Faults; plan: FaultPlan } {
  const healthy = { failures: 0, type: '', delayMs: 0, isDown: false, damaged: 0 }
  const state = { ...healthy }
  const failNext = (failures: number, type: string) => void Object.assign(state, { failures, type })
  return {
    faults: {
      failNext,
      throttleNext: (count) => failNext(count, 'ThrottlingException'),
      delay: (ms) => void (state.delayMs = ms),
      goDown: () => void (state.isDown = true),
      damageSignatures: (count) => void (state.damaged = count),
      clear: () => void Object.assign(state, healthy),
    },
    plan: {
      isDown: () => state.isDown,
      async beforeWork() {
        if (state.delayMs > 0) await pause(state.delayMs)
        if (state.failures === 0) return
        state.failures -= 1
        const { type } = state
        throw new KmsError(type, statuses[type] ?? 400, 'This failure was ordered by a fault plan.')
      },
      afterWork(answer) {
        if (!('Signature' in answer) || state.damaged === 0) return answer
        state.damaged -= 1
        const bytes = Buffer.from(String(answer.Signature), 'base64')
        bytes[0] = (bytes[0] ?? 0) ^ 1
        return { ...answer, Signature: bytes.toString('base64') }
      },
    },
  }
}
