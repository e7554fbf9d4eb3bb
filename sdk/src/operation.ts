/** One operation of the API as a function. All of them are made here, from what the generated files say. */
import type { Client } from './client.ts'
import { send } from './send.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What the runtime knows of an operation. */
export type Definition = {
  readonly method: Method
  readonly path: string
  /** It takes an `Idempotency-Key`, so that it may be sent again without a second effect. */
  readonly isKeyed: boolean
  /** Its body says whether a session is a cookie or tokens. */
  readonly hasMode: boolean
}

/** What every call can say beside its input. */
export type CallOptions = {
  /** Ends the call, its retries and its waiting; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** For one try, in milliseconds; instead of the client's. */
  readonly timeoutMs?: number
  /** How many times to try again; instead of the client's. */
  readonly retries?: number
  /** The longest `Retry-After` that is waited for; instead of the client's. */
  readonly maxWaitSeconds?: number
  /** Names the intent. Without it each call has a key of its own, which all its tries share. */
  readonly idempotencyKey?: string
  /** More headers: `if-match`, `x-admin-mfa-code`, … */
  readonly headers?: Readonly<Record<string, string>>
  /** Sees each answer, whose body has been read: for its `etag`, for instance. */
  readonly onResponse?: (response: Response) => void
}

export type Input<Data> = Omit<Data, 'url' | 'headers'> & CallOptions

/** May be left out where nothing in it has to be said. */
export type InputsOf<Data> =
  object extends Input<Data> ? [input?: Input<Data>] : [input: Input<Data>]

/** What a call resolves to: `data` of a single answer, `{ data, meta }` of a page, nothing of 204. */
export type Answer<Response> = Response extends { data: unknown; meta: unknown }
  ? Response
  : Response extends { data: infer Single }
    ? Single
    : Response

export type Operation<Data, Response, Failure = never> = {
  (client: Client, ...input: InputsOf<Data>): Promise<Answer<Response>>
  readonly definition: Definition
  /** Exists for the compiler only: how this operation says no. */
  readonly failure?: Failure
}

/** The codes that an operation declares. */
export type CodeOf<Failure> = Failure extends { code: infer Code extends string } ? Code : never

export function operation<Data, Response, Failure = never>(
  method: Method,
  path: string,
  marks: Partial<Pick<Definition, 'isKeyed' | 'hasMode'>> = {},
): Operation<Data, Response, Failure> {
  const definition = { method, path, isKeyed: false, hasMode: false, ...marks }
  const call = (client: Client, input: object = {}) => send(client, definition, input)
  return Object.assign(call, { definition }) as Operation<Data, Response, Failure>
}
