/** When security events, or failures of our own, are worth an alert: by default, by the settings, by API. */
import { eq } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { readAlertThreshold } from '../../platform/config/index.ts'
import { errors } from './errors.ts'
import { thresholdChanged } from './events.ts'
import { type Severity, severities, thresholds } from './tables.ts'

const minute = 60
const hour = 60 * minute

export type Threshold = {
  readonly isEnabled: boolean
  /** So many events within the window; of the error rate, per cent. */
  readonly threshold: number
  /** So many events of the type, of whatever sources, that no alert about one of them has counted; null: never asked. */
  readonly totalThreshold: number | null
  readonly windowSeconds: number
  /** Of an alert that just reaches the threshold. */
  readonly severity: Severity
  /** An incident is over when nothing belonged to it for so long; what comes then is a new one. */
  readonly coolDownSeconds: number
  /** Fewer requests within the window say nothing; null for what is not a share of them. */
  readonly minRequests: number | null
}
export type NamedThreshold = Threshold & {
  readonly type: AlertType
  readonly source: 'default' | 'setting' | 'api'
}

const defaultOf = (
  threshold: number,
  windowSeconds: number,
  severity: Severity,
  coolDownSeconds: number = hour,
): Threshold => ({
  isEnabled: true,
  threshold,
  totalThreshold: null,
  windowSeconds,
  severity,
  coolDownSeconds,
  minRequests: null,
})
/** What many do together, each too little to be noticed, is noticed at the threefold. */
const guarded = (threshold: Threshold): Threshold => ({
  ...threshold,
  totalThreshold: threshold.threshold * 3,
})

/** The table of docs/monitoring.md, which says why; a test compares both. */
const defaults = {
  failed_sign_in: guarded(defaultOf(20, 10 * minute, 'medium')),
  failed_second_factor: guarded(defaultOf(10, 10 * minute, 'high')),
  failed_proof: guarded(defaultOf(20, 10 * minute, 'medium')),
  lock_out: guarded(defaultOf(30, hour, 'medium')),
  reused_refresh_token: defaultOf(1, hour, 'high'),
  cloned_passkey: defaultOf(1, hour, 'high'),
  broken_chain: defaultOf(1, hour, 'critical'),
  refused_access: defaultOf(20, 10 * minute, 'medium'),
  unauthenticated: defaultOf(200, 10 * minute, 'low'),
  refused_csrf: defaultOf(10, 10 * minute, 'medium'),
  rate_limited: defaultOf(300, 10 * minute, 'low'),
  impersonation: defaultOf(5, hour, 'medium'),
  broken_ledger: defaultOf(1, hour, 'critical'),
  troubled_refund: defaultOf(1, hour, 'high'),
  dispute: defaultOf(1, hour, 'high'),
  paid_twice: defaultOf(1, hour, 'high'),
  money_drift: defaultOf(1, hour, 'critical'),
  error_rate: { ...defaultOf(5, 5 * minute, 'high', 15 * minute), minRequests: 100 },
} as const satisfies Record<string, Threshold>

export type AlertType = keyof typeof defaults
export type SecurityEventType = Exclude<AlertType, 'error_rate'>
export const alertTypes = Object.keys(defaults) as readonly AlertType[]

export const isAlertType = (type: string): type is AlertType => Object.hasOwn(defaults, type)

/** Severity grows with what is there, in multiples of the threshold: one level at each of these. */
const multiples = [2, 5, 10]

export function severityOf({ severity, threshold }: Threshold, count: number): Severity {
  const steps = multiples.filter((multiple) => count >= threshold * multiple).length
  const level = Math.min(severities.indexOf(severity) + steps, severities.length - 1)
  return severities[level] ?? severity
}

export const worseOf = (one: Severity, other: Severity): Severity =>
  severities.indexOf(one) > severities.indexOf(other) ? one : other

export async function listThresholds(ctx: ReadCtx): Promise<readonly NamedThreshold[]> {
  const changed = new Map((await ctx.db.select().from(thresholds)).map((row) => [row.type, row]))
  return alertTypes.map((type) => {
    const row = changed.get(type)
    if (!row) return withoutApi(ctx, type)
    const { updatedAt: _updatedAt, ...threshold } = row
    return { ...threshold, type, source: 'api' }
  })
}

/** Throws `monitoring.unknown_type` (404). */
export async function getThreshold(ctx: ReadCtx, type: string): Promise<NamedThreshold> {
  const found = (await listThresholds(ctx)).find((threshold) => threshold.type === type)
  if (!found) throw errors.unknown_type()
  return found
}

/**
 * Sets a threshold, in place of setting and default; without a `totalThreshold` that one stays. Throws
 * `monitoring.unknown_type` (404), `monitoring.requests_not_counted`, `share_above_all` and `share_is_of_all` (422).
 */
export async function setThreshold(
  tx: TxCtx,
  type: string,
  { totalThreshold, ...input }: Omit<Threshold, 'totalThreshold'> & Partial<Threshold>,
): Promise<NamedThreshold> {
  const { type: known, source: _source, ...before } = await getThreshold(tx, type)
  const isShare = known === 'error_rate'
  if (!isShare && input.minRequests !== null) throw errors.requests_not_counted()
  if (isShare && input.threshold > 100) throw errors.share_above_all()
  if (isShare && (totalThreshold ?? null) !== null) throw errors.share_is_of_all()
  const after = {
    ...input,
    totalThreshold: totalThreshold === undefined ? before.totalThreshold : totalThreshold,
    minRequests: isShare ? (input.minRequests ?? before.minRequests) : null,
  }
  const values = { ...after, updatedAt: tx.now }
  await tx.db
    .insert(thresholds)
    .values({ type: known, ...values })
    .onConflictDoUpdate({ target: thresholds.type, set: values })
  await tx.record(thresholdChanged, null, { type: known, before, after })
  return { ...after, type: known, source: 'api' }
}

/** Back to what settings or defaults say. Throws `monitoring.unknown_type` (404). */
export async function resetThreshold(tx: TxCtx, type: string): Promise<NamedThreshold> {
  const { type: known, source, ...before } = await getThreshold(tx, type)
  const reset = withoutApi(tx, known)
  if (source !== 'api') return reset
  await tx.db.delete(thresholds).where(eq(thresholds.type, known))
  const { type: _type, source: _source, ...after } = reset
  await tx.record(thresholdChanged, null, { type: known, before, after })
  return reset
}

/** Of several settings for one type the last one counts. That of the whole type grows and shrinks with it. */
function withoutApi({ settings }: ReadCtx, type: AlertType): NamedThreshold {
  const set = settings.alertThresholds
    .map(readAlertThreshold)
    .findLast((threshold) => threshold?.type === type)
  if (!set) return { ...defaults[type], type, source: 'default' }
  const { threshold, totalThreshold }: Threshold = defaults[type]
  const factor = totalThreshold === null ? null : totalThreshold / threshold
  return {
    ...defaults[type],
    ...set,
    totalThreshold: factor === null ? null : Math.ceil(set.threshold * factor),
    type,
    source: 'setting',
  }
}
