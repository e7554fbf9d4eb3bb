/**
 * How screens talk to the server: the SDK's operations with the session's cookie. Where the server first wants a proof
 * (a step-up, a code for administration), the person is asked, and the call goes on as if nothing had been.
 */
import { type Answer, type InputsOf, type Operation, Problem, createClient } from '@ashlar/sdk'
import { QueryClient, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { learnProblems } from './problem-text.ts'
import { ownOrActing } from './acting.ts'
import { proofFor } from './proofs.ts'

/** Somebody waits: five seconds of `Retry-After` at most, then they are told. */
export const client = createClient({ baseUrl: '', credential: ownOrActing(), maxWaitSeconds: 5 })

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The SDK tries again by itself where that is safe.
      retry: false,
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

/** Called when the server no longer knows who asks. */
const onSignedOut = new Set<() => void>()
export const whenSignedOut = (listener: () => void): void => {
  onSignedOut.add(listener)
}

/** Called when it says that somebody may not do a thing: what they may do has changed, perhaps. */
const onForbidden = new Set<() => void>()
export const whenForbidden = (listener: () => void): void => {
  onForbidden.add(listener)
}

/** One operation, with what it takes to be allowed to. Throws what the SDK throws. */
export async function call<Data, Response, Failure>(
  operation: Operation<Data, Response, Failure>,
  ...[input]: InputsOf<Data>
): Promise<Answer<Response>> {
  const send = operation as unknown as (
    asker: typeof client,
    given: object,
  ) => Promise<Answer<Response>>
  try {
    return await send(client, input ?? {})
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await learnProblems()
    if (error.code === 'access.unauthenticated') for (const listener of onSignedOut) listener()
    if (error.code === 'access.forbidden') for (const listener of onForbidden) listener()
    return sendProven((more) => send(client, { ...input, ...more }), error, headersOf(input))
  }
}

/** Asks for what the refusal wants, and sends again; for a code that was wrong it asks once more. */
async function sendProven<Data>(
  send: (more: { headers: Record<string, string> }) => Promise<Data>,
  refusal: Problem,
  headers: Readonly<Record<string, string>>,
): Promise<Data> {
  for (let isRefused = false; ; isRefused = true) {
    const proof = await proofFor(refusal, isRefused)
    if (proof === null) throw refusal
    try {
      return await send({ headers: { ...headers, ...proof.headers } })
    } catch (error) {
      const isWrongCode = error instanceof Problem && error.code === 'twofa.code_refused'
      if (!isWrongCode || proof.headers === undefined) throw error
    }
  }
}

const headersOf = (input: object | undefined) =>
  ((input ?? {}) as { headers?: Record<string, string> }).headers ?? {}

/** What an operation reads, kept and renewed. Changes name it by `changed`. */
export function useRead<Data, Response, Failure>(
  operation: Operation<Data, Response, Failure>,
  ...[input]: InputsOf<Data>
): UseQueryResult<Answer<Response>> {
  return useQuery(reading(operation, ...([input] as unknown as InputsOf<Data>)))
}

/** The same for `useQuery` with options of its own: how often to ask anew, when not to ask at all. */
export function reading<Data, Response, Failure>(
  operation: Operation<Data, Response, Failure>,
  ...[input]: InputsOf<Data>
) {
  return {
    queryKey: keyOf(operation, input),
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<Answer<Response>> =>
      call(operation, ...([{ ...input, signal }] as unknown as InputsOf<Data>)),
  }
}

/** Reads of these rooms (`users`, `admin/users`: a path below `/api/v1`) are asked for anew. */
export function changed(...places: readonly string[]): Promise<void> {
  const prefixes = places.map((place) => `/api/v1/${place}`)
  return queries.invalidateQueries({
    predicate: ({ queryKey: [path] }) =>
      typeof path === 'string' && prefixes.some((prefix) => path.startsWith(prefix)),
  })
}

/** The path with its ids in it, then the query: `changed('users/0193…')` finds what belongs to one thing. */
function keyOf(operation: Pick<Operation<never, never>, 'definition'>, input: object | undefined) {
  const { path = {}, query = {} } = (input ?? {}) as {
    path?: Record<string, string>
    query?: object
  }
  return [operation.definition.path.replaceAll(/\{(\w+)\}/g, (_, name) => path[name] ?? ''), query]
}
