/** Writes a failure that repeats with every poll once per while instead of hundreds of times. */

export type JobLog = {
  readonly info: (fields: Record<string, unknown>, message: string) => void
  readonly warn: (fields: Record<string, unknown>, message: string) => void
  readonly error: (fields: Record<string, unknown>, message: string) => void
}

const quietMs = 10_000

/** Logs the first of a kind at once, then one line per ten seconds with how many were kept back. */
export function createErrorLog(log: JobLog): (kind: string, error: unknown) => void {
  const kinds = new Map<string, { until: number; suppressed: number }>()
  return (kind, error) => {
    const now = Date.now()
    const known = kinds.get(kind)
    if (known && now < known.until) {
      known.suppressed += 1
      return
    }
    kinds.set(kind, { until: now + quietMs, suppressed: 0 })
    log.warn({ err: error, suppressed: known?.suppressed ?? 0 }, kind)
  }
}
