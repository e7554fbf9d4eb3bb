/** The one error of the embedded server: a start that cannot go on, told so that a person can act on it. */

/**
 * - `held`: another live process uses this data directory
 * - `unavailable`: this machine cannot run the embedded server; the way out is a PostgreSQL of one's own
 * - `damaged`: the data directory is not as we left it; nothing was changed
 * - `failed`: PostgreSQL was run and did not come up
 */
export type EmbeddedPostgresFailure = 'held' | 'unavailable' | 'damaged' | 'failed'

export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly reason: EmbeddedPostgresFailure

  constructor(reason: EmbeddedPostgresFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The code of a system error (`ENOENT`) or of a PostgreSQL error (`57P03`); empty when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
