/** Insisting on an answer, as a good client does: the same request under the same key until it is said how it ended. */
import { randomUUID } from 'node:crypto'
import { post } from '../person.ts'
import type { Ground } from './trial.ts'

export type Ask = {
  readonly path: string
  readonly body: object
  readonly by: 'customer' | 'finance'
  readonly key: string
  /** Refusals that are an answer, too, by their code. */
  readonly refusals: readonly string[]
  /** Whether its answer is kept under the key: others say how it stands now. */
  readonly isKept: boolean
  /** Every answer that said it was done, as it came. */
  readonly answers: string[]
  /** `done`, or the code of the refusal; null until one of the two was said. */
  said: string | null
}

export type Started = {
  readonly payment: { readonly id: string; readonly providerRef: string }
  readonly url?: string | null
}

/** Then the client gives up for now. */
const tries = 3
const answerTimeoutMs = 10_000
/** Lost, still running, or Stripe did not answer: all of these may be asked again. */
const passing = [409, 500, 503]

export const askFor = (
  path: string,
  body: object,
  {
    by = 'customer',
    refusals = [],
    isKept = true,
  }: Partial<Pick<Ask, 'by' | 'refusals' | 'isKept'>> = {},
): Ask => ({ path, body, by, key: randomUUID(), refusals, isKept, answers: [], said: null })

/** False: not yet. */
export async function insist(ask: Ask, ground: Ground): Promise<boolean> {
  for (let attempt = 0; attempt < tries && ask.said === null; attempt += 1) await once(ask, ground)
  return ask.said !== null
}

/** Asks once more, whatever was said: the answer must be the same. */
export async function once(ask: Ask, { gateway, authorizations }: Ground): Promise<void> {
  const headers = { authorization: authorizations[ask.by], 'idempotency-key': ask.key }
  const reply = await Promise.race([
    post(gateway.url, `/api/v1${ask.path}`, ask.body, headers).then(async (given) => ({
      status: given.status,
      text: await given.text(),
    })),
    new Promise<null>((resolve) => setTimeout(resolve, answerTimeoutMs, null).unref()),
  ]).catch(() => null)
  if (!reply) return
  const { status, text } = reply
  if (status >= 200 && status < 300) {
    ask.answers.push(text)
    ask.said = 'done'
    return
  }
  const code = codeIn(text)
  if (code !== null && ask.refusals.includes(code)) ask.said ??= code
  else if (!passing.includes(status)) throw new Error(`${ask.path} was answered ${status}: ${text}`)
}

/** The payment that was answered, and where it is paid, for whoever goes on with it. */
export function startedBy({ path, answers: [first] }: Ask): Started {
  if (first === undefined) throw new Error(`${path} has no answer`)
  return (JSON.parse(first) as { data: Started }).data
}

function codeIn(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { code?: unknown }
    return typeof code === 'string' ? code : null
  } catch {
    return null
  }
}
