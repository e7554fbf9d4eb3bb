/** What ALERT_THRESHOLDS holds: how many events of a type within which time are an alert. */
import { DAY, MINUTE, parseDuration } from './duration.ts'
import { invalid } from './kinds.ts'
import { quote } from './problem.ts'
import type { Parsed } from './setting.ts'

export type AlertThreshold = {
  readonly type: string
  readonly threshold: number
  readonly windowSeconds: number
}

const entry = /^(?<type>[a-z][a-z_]{0,39})=(?<count>[1-9]\d{0,6})\/(?<window>\w{1,12})$/

/** `failed_sign_in=50/15m`; whether there is such a type only the monitoring room knows. */
export function alertThreshold(text: string): Parsed<string> {
  return readAlertThreshold(text) === null
    ? invalid(
        'must list entries like failed_sign_in=50/15m, in whole minutes up to a day',
        quote(text),
      )
    : { value: text }
}

/** Null for what is none: events are counted by the minute, for a day. */
export function readAlertThreshold(text: string): AlertThreshold | null {
  const { type = '', count, window = '' } = entry.exec(text)?.groups ?? {}
  const windowSeconds = parseDuration(window) ?? 0
  if (windowSeconds < MINUTE || windowSeconds > DAY || windowSeconds % MINUTE !== 0) return null
  return { type, threshold: Number(count), windowSeconds }
}
