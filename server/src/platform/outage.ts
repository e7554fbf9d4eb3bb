/** What fails again and again until it is over: told once when it begins and once when it has ended, with all between. */

export type Outage = {
  readonly seconds: number
  /** How often it failed, the first time included. */
  readonly failures: number
}

export type OutageWatch = {
  failed(error: unknown): void
  answered(): void
}

export function watchOutages(events: {
  /** It failed, and had not before. */
  readonly onBegin: (error: unknown) => void
  readonly onEnd: (outage: Outage) => void
}): OutageWatch {
  let since: number | null = null
  let failures = 0
  return {
    failed: (error) => {
      failures += 1
      if (since !== null) return
      since = performance.now()
      events.onBegin(error)
    },
    answered: () => {
      if (since === null) return
      const outage = { seconds: Math.round((performance.now() - since) / 100) / 10, failures }
      since = null
      failures = 0
      events.onEnd(outage)
    },
  }
}
