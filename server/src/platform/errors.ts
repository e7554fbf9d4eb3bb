/**
 * The one error class, and the catalogue every code is declared in. A room declares its codes in its
 * own errors.ts; the HTTP layer turns them into problem+json, the job runner into retries.
 */
import type { Fact } from './events/index.ts'

export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  /** What the edge records after the failed transaction is rolled back: a refused attempt is a fact too. */
  refusal: Fact | undefined

  constructor(
    code: string,
    status: number,
    message: string,
    details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.status = status
    this.details = details
  }

  /** Attaches the fact that the edge records once the transaction is gone. */
  recording(fact: Fact): this {
    this.refusal = fact
    return this
  }
}

type Definition = readonly [status: number, message: string, remedy?: string]

export type ErrorType<C extends string = string> = {
  (details?: Record<string, unknown>, options?: ErrorOptions): AppError
  readonly code: C
  readonly status: number
  readonly message: string
  /** What the caller can do about it; printed on the generated page of error codes. */
  readonly remedy: string
}

export type ErrorCatalogue = Readonly<Record<string, ErrorType>>

type Constructors<F extends string, D extends Record<string, Definition>> = {
  readonly [K in keyof D & string]: ErrorType<`${F}.${K}`>
}

const usualRemedy: Readonly<Record<number, string>> = {
  400: 'Correct the request; sending it again unchanged will fail again.',
  401: 'Sign in, or send a valid credential.',
  403: 'Ask someone who may do this, or for the permission.',
  404: 'Check the address and the id; what is not yours looks the same as what does not exist.',
  409: 'Read the current state, then decide again.',
  410: 'Ask for a new one.',
  412: 'Read the resource again and repeat the change on its current version.',
  413: 'Send less.',
  415: 'Send JSON with `Content-Type: application/json`.',
  422: 'Correct the fields named in `errors`.',
  429: 'Wait for the seconds given in `Retry-After`.',
  503: 'Try again after the seconds given in `Retry-After`.',
}

/**
 * Declares a room's error codes: `defineErrors('billing', { plan_not_found: [404, '…'] })`.
 * Codes are public contract: added freely, never renamed.
 */
export function defineErrors<F extends string, const D extends Record<string, Definition>>(
  feature: F,
  definitions: D,
): Constructors<F, D> {
  const entries = Object.entries(definitions).map(([key, [status, message, remedy]]) => {
    const code = `${feature}.${key}`
    const create = (details?: Record<string, unknown>, options?: ErrorOptions) =>
      new AppError(code, status, message, details, options)
    const described = {
      code,
      status,
      message,
      remedy: remedy ?? usualRemedy[status] ?? 'Report it, with the request id.',
    }
    // A function's own `message` does not exist, so assigning is safe; `name` and `length` stay.
    return [key, Object.assign(create, described)]
  })
  return Object.fromEntries(entries) as Constructors<F, D>
}
