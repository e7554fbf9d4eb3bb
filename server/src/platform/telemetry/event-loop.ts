/** How long this process did nothing but compute: the worst moment of the last seconds. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export type EventLoopWatch = {
  /** The longest block, in milliseconds, of the last one to two windows. Asking changes nothing. */
  lagMs(): number
  close(): void
}

/** Probes come every few seconds: each sees the same block two times or more, and a block long past is forgotten. */
const defaultWindowMs = 5_000
const resolutionMs = 20

export function watchEventLoop(windowMs = defaultWindowMs): EventLoopWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const worst = () => Math.max(0, delay.max / 1e6 - resolutionMs)
  let before = 0
  const turn = setInterval(() => {
    before = worst()
    delay.reset()
  }, windowMs).unref()
  return {
    lagMs: () => Math.max(before, worst()),
    close: () => {
      clearInterval(turn)
      delay.disable()
    },
  }
}
