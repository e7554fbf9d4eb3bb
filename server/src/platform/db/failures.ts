/** Which failures are PostgreSQL's or the network's, and what the caller may be told about them. */
import { AppError, defineErrors } from '../errors.ts'

export const databaseErrors = defineErrors('database', {
  unavailable: [503, 'The database cannot be reached right now.'],
  busy: [503, 'The database is too busy to answer in time.'],
  conflict: [409, 'Somebody else is changing the same thing. Try again.'],
  invalid_text: [422, 'A text contains a character that cannot be stored.'],
})

const connectionLost =
  /Connection terminated|connection timeout|server closed the connection|ECONNRE|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Client has encountered a connection error|not queryable|Query read timeout/i
/** Classes begin with a digit, but for these; the network's `EPIPE` has five letters too (PostgreSQL, appendix A). */
const sqlStatePattern = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/
const poolExhausted = /timeout exceeded when trying to connect/i

/** The SQLSTATE of a failed statement, however deep the driver wrapped it; null when there is none. */
export function sqlState(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown }
    if (typeof code === 'string' && sqlStatePattern.test(code)) return code
  }
  return null
}

/** The constraint that a statement violated, or null. */
export function violatedConstraint(error: unknown): string | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { constraint } = current as { constraint?: unknown }
    if (typeof constraint === 'string') return constraint
  }
  return null
}

/**
 * What a transaction throws that saw, behind what it had read, that another was faster: it runs again, and sees what that
 * one did. As PostgreSQL says it of its own (`serialization_failure`).
 */
export class LostRace extends Error {
  override name = 'LostRace'
  readonly code = '40001'
}

/** True for failures after which the same transaction may simply be run again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/** The error to answer with when PostgreSQL failed; null when the failure is our own bug. */
export function databaseFailure(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  const state = sqlState(error)
  const options = { cause: error }
  if (isFatal(error)) return databaseErrors.unavailable({}, options)
  if (state) return fromState(state, options)
  for (let current = error; current instanceof Error; current = current.cause) {
    if (poolExhausted.test(current.message)) return databaseErrors.busy({}, options)
    const { code } = current as { code?: unknown }
    if (connectionLost.test(`${typeof code === 'string' ? code : ''} ${current.message}`))
      return databaseErrors.unavailable({}, options)
  }
  return null
}

/** PostgreSQL has ended the connection, or opened none: it takes nobody in, or not us, whatever the state says. */
function isFatal(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause)
    if (sqlState(current) && 'severity' in current && current.severity === 'FATAL') return true
  return false
}

function fromState(state: string, options: ErrorOptions): AppError | null {
  // Class 08: connection; 28 and 3D: the login or the database is gone; 57P0x: shutdown and start-up; 53: out of
  // resources; 25006: a read-only replica after a failover; 25P03: a transaction that idled too long.
  if (/^(08|28|3D|57P|53|25006|25P03)/.test(state)) return databaseErrors.unavailable({}, options)
  if (state === '57014' || state === '55P03') return databaseErrors.busy({}, options)
  if (isRetryableState(state)) return databaseErrors.conflict({}, options)
  if (state === '22021' || state === '22P05') return databaseErrors.invalid_text({}, options)
  return null
}

const isRetryableState = (state: string) => state === '40001' || state === '40P01'
