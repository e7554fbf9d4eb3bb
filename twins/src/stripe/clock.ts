/** Simulated time: it runs with the real one, can be put forward, and does what is due on the way. */

export type Clock = {
  /** Seconds since 1970, whole. */
  now(): number
  /** Does this when the time has come, in order of time. */
  at(due: number, work: () => void): void
  /** Puts the clock forward. `settle` is waited for at each stop, so that what was started there is seen there. */
  advance(seconds: number, settle: () => Promise<void>): Promise<void>
  /** Does what is due now. */
  catchUp(): void
  stop(): void
}

type Entry = { readonly due: number; readonly work: () => void }

const longestTimerMs = 2 ** 31 - 1

export function createClock(): Clock {
  let offsetMs = 0
  let entries: Entry[] = []
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  const nowMs = () => Date.now() + offsetMs
  const now = () => Math.floor(nowMs() / 1000)

  function next(until: number): Entry | null {
    const [first] = entries
    if (!first || first.due > until) return null
    entries.shift()
    return first
  }

  /** Behind all that is due no later, so that what was said first is done first. */
  function insert(entry: Entry): void {
    const index = entries.findLastIndex(({ due }) => due <= entry.due)
    entries.splice(index + 1, 0, entry)
  }

  function catchUp(): void {
    for (let entry = next(now()); entry; entry = next(now())) entry.work()
    arm()
  }

  function arm(): void {
    if (timer) clearTimeout(timer)
    timer = null
    const [first] = entries
    if (isStopped || !first) return
    const waitMs = Math.min(Math.max(first.due * 1000 - nowMs(), 0), longestTimerMs)
    timer = setTimeout(catchUp, waitMs)
    timer.unref()
  }

  return {
    now,
    catchUp,
    at(due, work) {
      insert({ due, work })
      arm()
    },
    async advance(seconds, settle) {
      const target = nowMs() + seconds * 1000
      catchUp()
      await settle()
      for (let entry = next(target / 1000); entry; entry = next(target / 1000)) {
        offsetMs += Math.max(entry.due * 1000 - nowMs(), 0)
        entry.work()
        await settle()
      }
      offsetMs += Math.max(target - nowMs(), 0)
      arm()
    },
    stop() {
      isStopped = true
      entries = []
      if (timer) clearTimeout(timer)
    },
  }
}
