/** Simulated time: it runs with the real one, can be put forward, and does what is due on the way. */
import type { Task } from './work.ts'

/** What is to be done, for whom, and when: in seconds since 1970. */
export type Due = Task & { readonly due: number; readonly home: string }

export type Clock = {
  /** Seconds since 1970, whole. */
  now(): number
  /** Does this when the time has come, in order of time. */
  at(due: number, what: Task & { readonly home: string }): void
  /** Puts the clock forward. `settle` is waited for at each stop, so that what was started there is seen there. */
  advance(seconds: number, settle: () => Promise<void>): Promise<void>
  /** Does what is due now. */
  catchUp(): void
  /** Does what fell due while nobody was there, each at its own time. */
  resume(): void
  stop(): void
}

type ClockParts = {
  /** What is still to be done, in the order in which it was said. */
  readonly entries: Map<string, Due>
  /** How far the clock is ahead, as `offsetMs`. */
  readonly settings: Map<string, number>
  perform(due: Due): void
  /** Something was done: it may be written down. */
  commit(): void
}

const longestTimerMs = 2 ** 31 - 1

export function createClock({ entries, settings, perform, commit }: ClockParts): Clock {
  let queue = [...entries].toSorted(([, a], [, b]) => a.due - b.due)
  let lastKey = Math.max(0, ...[...entries.keys()].map(Number))
  let offsetMs = settings.get('offsetMs') ?? 0
  /** While what was missed is done, it is then. */
  let pastMs: number | null = null
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  const nowMs = () => pastMs ?? Date.now() + offsetMs
  const now = () => Math.floor(nowMs() / 1000)

  function next(until: number): Due | null {
    const [first] = queue
    if (!first || first[1].due > until) return null
    queue.shift()
    entries.delete(first[0])
    return first[1]
  }

  /** Behind all that is due no later, so that what was said first is done first. */
  function insert(entry: Due): void {
    lastKey += 1
    entries.set(String(lastKey), entry)
    const index = queue.findLastIndex(([, { due }]) => due <= entry.due)
    queue.splice(index + 1, 0, [String(lastKey), entry])
  }

  function moveOn(ms: number): void {
    offsetMs += Math.max(ms, 0)
    if (ms > 0) settings.set('offsetMs', offsetMs)
  }

  function catchUp(): void {
    for (let entry = next(now()); entry; entry = next(now())) perform(entry)
    arm()
  }

  function arm(): void {
    if (timer) clearTimeout(timer)
    timer = null
    const [first] = queue
    if (isStopped || !first) return
    const waitMs = Math.min(Math.max(first[1].due * 1000 - nowMs(), 0), longestTimerMs)
    timer = setTimeout(() => {
      catchUp()
      commit()
    }, waitMs)
    timer.unref()
  }

  return {
    now,
    catchUp,
    at(due, what) {
      insert({ due, ...what })
      arm()
    },
    async advance(seconds, settle) {
      const target = nowMs() + seconds * 1000
      catchUp()
      commit()
      await settle()
      for (let entry = next(target / 1000); entry; entry = next(target / 1000)) {
        moveOn(entry.due * 1000 - nowMs())
        perform(entry)
        commit()
        await settle()
      }
      moveOn(target - nowMs())
      commit()
      arm()
    },
    resume() {
      const until = now()
      for (let entry = next(until); entry; entry = next(until)) {
        pastMs = entry.due * 1000
        perform(entry)
        commit()
      }
      pastMs = null
      arm()
    },
    stop() {
      isStopped = true
      queue = []
      if (timer) clearTimeout(timer)
    },
  }
}
