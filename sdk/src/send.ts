/** Sends a call until it has an answer: proof, key, tries and the reading of what comes back. */
import type { Client, Proof } from './client.ts'
import type { Problem as Told } from './generated/types.ts'
import type { CallOptions, Definition } from './operation.ts'
import { ConnectionError, Problem, UnexpectedAnswer } from './problem.ts'
import { isBusy, orAbort, pause, readRetryAfter, waitBefore } from './retry.ts'
import { queryOf, urlOf } from './url.ts'

type Call = CallOptions & {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

const keyBytes = 16
/**
 * The first try of a key ends, or loses its lease, after the server's REQUEST_TIMEOUT and five seconds more. Until then
 * another try is told to wait, and that is not a try that failed.
 */
const keyBusyMs = 40_000

/** What all tries of a call have in common. */
type Prepared = {
  readonly client: Client
  readonly definition: Definition
  readonly call: Call
  readonly url: string
  readonly body: string | undefined
  /** One key for all tries: the server has the effect once, however many of them arrive. */
  readonly key: string | undefined
}

/** Throws `Problem`, `ConnectionError`, `UnexpectedAnswer`, or the reason of the call's signal. */
export async function send(
  client: Client,
  definition: Definition,
  given: object,
): Promise<unknown> {
  const call: Call = given
  const { credential } = client
  const { retries = client.retries, maxWaitSeconds = client.maxWaitSeconds, signal } = call
  const prepared: Prepared = {
    client,
    definition,
    call,
    url: urlOf(client.baseUrl, definition.path, call.path) + queryOf(call.query),
    body: bodyOf(client, definition, call.body),
    key: definition.isKeyed ? (call.idempotencyKey ?? newKey()) : undefined,
  }
  const startedAt = Date.now()
  const renewedFor = new Set<string>()
  for (let retry = 0; ;) {
    // Outside of the tries: what a credential asks of the server has tries of its own.
    const proof = await orAbort(credential.prove(client, definition), signal)
    try {
      const answer = await attempt(prepared, proof)
      const data = dataOf(answer)
      await credential.learn?.(definition, data)
      return isPage(answer) ? answer : data
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof Problem && !renewedFor.has(error.code)) {
        renewedFor.add(error.code)
        // What was refused for its proof has had no effect: any method may be sent again.
        if (await credential.renew?.(client, error, proof)) continue
      }
      const waitMs = waitBefore(error, retry, definition, maxWaitSeconds)
      if (waitMs === null || retry >= retries) throw error
      if (!isBusy(error) || Date.now() - startedAt > keyBusyMs) retry += 1
      await pause(waitMs, signal)
    }
  }
}

async function attempt(prepared: Prepared, proof: Proof): Promise<unknown> {
  const { client, definition, call, url, body } = prepared
  const deadline = AbortSignal.timeout(call.timeoutMs ?? client.timeoutMs)
  let response: Response
  let text: string
  try {
    response = await client.fetch(url, {
      method: definition.method,
      headers: headersOf(prepared, proof),
      credentials: proof.cookies,
      signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
      ...(body === undefined ? {} : { body }),
    })
    text = await response.text()
  } catch (cause) {
    throw new ConnectionError(`${definition.method} ${definition.path} has no answer`, { cause })
  }
  call.onResponse?.(response)
  const type = response.headers.get('content-type') ?? ''
  if (!response.ok) throw failureOf(response, type, text, definition)
  if (text === '') return undefined
  return /[/+]json\b/.test(type) ? parse(text, response.status) : text
}

function failureOf(response: Response, type: string, text: string, definition: Definition): Error {
  const { status, headers } = response
  if (!type.startsWith('application/problem+json')) return new UnexpectedAnswer(status, text)
  const retryAfterSeconds = readRetryAfter(headers.get('retry-after'), Date.now())
  return new Problem(parse(text, status) as Told, definition, retryAfterSeconds)
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnexpectedAnswer(status, text, { cause })
  }
}

function bodyOf(client: Client, definition: Definition, body: unknown): string | undefined {
  if (body === undefined) return undefined
  const { mode } = client.credential
  return JSON.stringify(definition.hasMode && mode ? { mode, ...(body as object) } : body)
}

function headersOf({ call, body, key }: Prepared, proof: Proof): Headers {
  const headers = new Headers({
    accept: 'application/json, application/problem+json, */*;q=0.1',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...proof.headers,
  })
  // Whatever their case, the caller's take the place of ours.
  for (const [name, value] of Object.entries(call.headers ?? {})) headers.set(name, value)
  return headers
}

/** Not `randomUUID`: on plain HTTP, a page on another machine of the network has none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const isPage = (answer: unknown): boolean =>
  answer !== null && typeof answer === 'object' && 'data' in answer && 'meta' in answer

const dataOf = (answer: unknown): unknown =>
  answer !== null && typeof answer === 'object' && 'data' in answer ? answer.data : answer
