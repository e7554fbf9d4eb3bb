/**
 * Runs a job alone that twice took its worker down: what shares a process with a job that spins or eats all memory
 * would be blamed with it.
 */
import { setTimeout as pause } from 'node:timers/promises'

const pollMs = 50

export type Quarantine = {
  /** While this is true no other job may start here. */
  isActive(): boolean
  /** Stops the intake, waits until nothing else runs, does the work, opens the intake again. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export type QuarantineOptions = {
  /** How many jobs run in this process. The suspect itself is not among them. */
  readonly running: () => number
  readonly closeIntake: () => Promise<void>
  readonly openIntake: () => Promise<void>
}

export function createQuarantine(options: QuarantineOptions): Quarantine {
  let isActive = false
  return {
    isActive: () => isActive,
    alone: async (work) => {
      isActive = true
      try {
        await options.closeIntake()
        // Bounded by the time limits of those that run.
        while (options.running() > 0) await pause(pollMs)
        return await work()
      } finally {
        isActive = false
        await options.openIntake()
      }
    },
  }
}
