/** How Stripe's answers are told apart: what is certain, and what is not. */
import type { Outcome } from './provider.ts'

/** An answer that says nothing of what was done. Stripe keeps it for the key, so that asking again says nothing else. */
const serverFailure = 'StripeAPIError'

/** Two requests met under one key: the first of them is at work, and this one may ask again. */
const keyInUse = 'idempotency_key_in_use'
/** Pauses before asking again, in milliseconds: together about as long as a usual answer takes. */
const pausesMs = [100, 200, 400, 800]

/**
 * Which failures say that nothing was done. A key that was used with another body is a mistake of ours: nobody may
 * guess. `work` sends the same request under the same key each time.
 * @param look finds what was made all the same, where the answer is a failure that would only come again
 */
export async function outcomeOf<T>(
  work: () => Promise<T>,
  look: () => Promise<T | null>,
): Promise<Outcome<T>> {
  const outcome = await insist(work)
  if (outcome.kind !== 'unknown' || outcome.reason !== serverFailure) return outcome
  const value = await look().catch(() => null)
  // That it is not found proves nothing: a list may lag.
  return value === null ? outcome : { kind: 'done', value }
}

async function insist<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  for (const pauseMs of pausesMs) {
    const outcome = await tried(work)
    if (outcome.kind !== 'unknown' || outcome.reason !== keyInUse) return outcome
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return tried(work)
}

async function tried<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: 'done', value: await work() }
  } catch (error) {
    const { statusCode, type } = error as { statusCode?: number; type?: string }
    const isDefinite =
      statusCode !== undefined &&
      statusCode >= 400 &&
      statusCode < 500 &&
      ![401, 403, 409, 429].includes(statusCode) &&
      type !== 'StripeIdempotencyError'
    if (isDefinite) return { kind: 'rejected', code: codeOf(error) ?? 'refused' }
    return { kind: 'unknown', reason: codeOf(error) ?? type ?? 'no_answer' }
  }
}

export const codeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : null
}

/** Null when Stripe does not know it. @throws Error when it cannot say */
export async function found<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) === 'resource_missing') return null
    throw error
  }
}

/** The id of what may be expanded. */
export const idOf = (reference: string | { readonly id: string } | null): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null)

/** Our own marks on an object; a dashboard may have written anything there. */
export function marksOf(metadata: Readonly<Record<string, string>> | null) {
  const { payment_id: paymentId = null, attempt = '1' } = metadata ?? {}
  return { paymentId, number: /^\d{1,6}$/.test(attempt) ? Number(attempt) : 0 }
}

/** Whether an object is the one that was asked for, by those marks. */
export const isMarkedAs = (
  { metadata }: { readonly metadata: Readonly<Record<string, string>> | null },
  { paymentId, number = 1 }: { paymentId: string; number?: number },
): boolean => {
  const marks = marksOf(metadata)
  return marks.paymentId === paymentId && marks.number === number
}

/** What we mark an object with. The first attempt needs no number. */
export const marksFor = ({ paymentId, number = 1 }: { paymentId: string; number?: number }) => ({
  payment_id: paymentId,
  ...(number === 1 ? {} : { attempt: String(number) }),
})
