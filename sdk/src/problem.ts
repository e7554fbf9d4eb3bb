/** What can go wrong with a call: the server says no, it cannot be reached, or something else answers in its place. */
import type { CodeOf, Definition, Operation } from './operation.ts'
import type { Problem as Told } from './generated/types.ts'

/** The server says no (RFC 9457). `code` is stable: `/api/v1/errors` of the server lists them all. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  /** Names the request in the server's logs. */
  readonly requestId: string
  /** What is wrong with the input, by JSON pointer (RFC 6901). */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[]
  /** How long the server asks to wait; null when it does not say. */
  readonly retryAfterSeconds: number | null
  /** The whole answer, with what some codes tell beside the usual fields. */
  readonly details: Readonly<Record<string, unknown>>
  /** Which operation was refused. */
  readonly definition: Definition

  constructor(told: Told, definition: Definition, retryAfterSeconds: number | null) {
    super(told.detail ?? told.title)
    this.code = told.code
    this.status = told.status
    this.requestId = told.requestId
    this.errors = told.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
    this.details = { ...told }
    this.definition = definition
  }
}

/** No answer: the network failed, or it took too long. Whether the server has done anything is not known. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
}

/** An answer that is not the API's: a proxy's error page, most often. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
  readonly status: number
  readonly body: string

  constructor(status: number, body: string, options?: ErrorOptions) {
    super(`An answer that is not of this API (HTTP ${status})`, options)
    this.status = status
    this.body = body
  }
}

/** A problem with one of these codes: a union that `switch (problem.code)` narrows. */
export type ProblemOf<Code extends string> = Code extends string
  ? Problem & { readonly code: Code }
  : never

/**
 * Whether an error is a problem; with an operation, whether it is a problem of that one. Its type then has the codes
 * that the operation declares, so that a `switch` can name them all. Codes it does not declare (a fault of the server, or
 * a server newer than this package) go to `default`: hand them to `unhandled`.
 */
export function isProblem(error: unknown): error is Problem
export function isProblem<Data, Response, Failure>(
  error: unknown,
  operation: Operation<Data, Response, Failure>,
): error is ProblemOf<CodeOf<Failure>>
export function isProblem(
  error: unknown,
  operation?: { readonly definition: Definition },
): error is Problem {
  return (
    error instanceof Problem &&
    (operation === undefined || error.definition === operation.definition)
  )
}

/** For `default:`. The compiler accepts it only when every declared code has its `case`; what comes here is thrown on. */
export function unhandled(problem: never): never {
  throw problem
}
