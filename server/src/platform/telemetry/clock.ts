/** The time of log lines, formatted once per second instead of once per line. */

/** Answers with the present as RFC 3339 in UTC with milliseconds, like `Date.prototype.toISOString`. */
export function createClock(now: () => number = Date.now): () => string {
  let second = Number.NaN
  let prefix = ''
  return () => {
    const time = now()
    const current = Math.floor(time / 1000)
    if (current !== second) {
      second = current
      prefix = new Date(time).toISOString().slice(0, 20)
    }
    const ms = time - current * 1000
    return `${prefix}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
  }
}
