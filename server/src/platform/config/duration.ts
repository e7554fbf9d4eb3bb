/** Durations as people write them in settings ("15m", "7d"), and as the program holds them: whole seconds. */

const MILLISECONDS_PER_UNIT = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/**
 * Reads `500s`, `15m`, `2h`, `7d`, `3000ms`; a bare number is seconds.
 * Answers whole seconds, or undefined when the text is no duration or no whole number of seconds.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(?<amount>\d{1,12})\s?(?<unit>ms|s|m|h|d)?$/.exec(text.trim())
  const milliseconds = MILLISECONDS_PER_UNIT.get(match?.groups?.['unit'] ?? 's')
  if (!match?.groups || milliseconds === undefined) return undefined

  const seconds = (Number(match.groups['amount']) * milliseconds) / 1000
  return Number.isSafeInteger(seconds) ? seconds : undefined
}

/** Writes whole seconds in the largest unit that loses nothing: 5400 is `90m`, 604800 is `7d`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return '0s'
  if (seconds % DAY === 0) return `${seconds / DAY}d`
  if (seconds % HOUR === 0) return `${seconds / HOUR}h`
  if (seconds % MINUTE === 0) return `${seconds / MINUTE}m`
  return `${seconds}s`
}
