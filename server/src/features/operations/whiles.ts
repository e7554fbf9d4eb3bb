/** Whiles: a window of time, cut into equal parts. */

export const windows = ['1h', '24h', '7d'] as const
export type Window = (typeof windows)[number]

const minuteMs = 60_000
const hourMs = 3_600_000
const lengths = { '1h': hourMs, '24h': 24 * hourMs, '7d': 7 * 24 * hourMs } as const

export type While = { readonly from: Date; readonly until: Date; readonly seconds: 60 | 3600 }

/** The hour by the minute, the rest by the hour; from a whole one on, and with the one that is running. */
export function whileOf(now: Date, window: Window): While {
  const partMs = window === '1h' ? minuteMs : hourMs
  const untilMs = (Math.floor(now.getTime() / partMs) + 1) * partMs
  return {
    from: new Date(untilMs - lengths[window]),
    until: new Date(untilMs),
    seconds: window === '1h' ? 60 : 3600,
  }
}

/** One for each part of the while: what there is of it, or what stands for nothing. */
export function bucketsOf<T extends { readonly at: Date }, E extends object>(
  { from, until, seconds }: While,
  known: readonly T[],
  empty: E,
): readonly (T | (E & { readonly at: Date }))[] {
  const byTime = new Map(known.map((each) => [each.at.getTime(), each]))
  const partMs = seconds * 1000
  const count = (until.getTime() - from.getTime()) / partMs
  return Array.from({ length: count }, (_, index) => {
    const atMs = from.getTime() + index * partMs
    return byTime.get(atMs) ?? { ...empty, at: new Date(atMs) }
  })
}
