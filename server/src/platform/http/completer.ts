/**
 * Finishes requests whose process died and whose client never came back (docs/decisions/0014): the stored request is
 * put through the application once more, as its caller, with the results of the transactions that it committed.
 */
import { type ContextDeps, createCtx } from '../context.ts'
import { type EventType, defineEvent } from '../events/index.ts'
import { nothing } from '../rights/index.ts'
import { deriveKey } from '../secrets.ts'
import {
  type TakenOver,
  abandonClaim,
  endOf,
  findAbandoned,
  releaseClaim,
  takeOverAbandoned,
} from './abandoned.ts'
import type { App } from './app.ts'
import { httpErrors } from './errors.ts'
import type { KeptRequest } from './idempotency-rows.ts'
import { leaseMarginSeconds } from './idempotency.ts'
import type { Caller, Recall } from './options.ts'
import { type Resumption, resumption } from './resumption.ts'

export type CompleterOptions = {
  readonly context: ContextDeps
  /** The application, not listening; asked for when there is something to finish. */
  readonly openApp: () => Promise<App>
  readonly recall: Recall
  /** Told how each try ended. */
  readonly onTried: (outcome: Outcome, request: Tried) => void
}

/** `failed`: tried again later. `lost`: its client was faster. */
export type Outcome = 'completed' | 'abandoned' | 'failed' | 'lost'
type Tried = {
  readonly route: string
  readonly requestId: string | null
  readonly attempts: number
  readonly reason: string | null
}

type Completed = { route: string; key: string; attempts: number; status: number }
type Abandoned = { route: string; key: string; attempts: number; reason: string }
const requestCompleted: EventType<'http.request_completed', Completed> =
  defineEvent<Completed>()('http.request_completed')
const requestAbandoned: EventType<'http.request_abandoned', Abandoned> =
  defineEvent<Abandoned>()('http.request_abandoned')

/** Tries by the server itself; the pauses between them double, two hours in all. */
const maxAttempts = 8
/** Most requests of one run. */
const batchSize = 20

/** Makes the function that finishes what is there to finish, one after the other; it returns how many it tried. */
export function openCompleter(options: CompleterOptions) {
  const { context, recall } = options
  const { db, settings } = context
  const secret = deriveKey(settings.secretKey, 'idempotency')

  async function complete(row: TakenOver): Promise<Outcome> {
    const kept = row.open()
    const tell = (outcome: Outcome, reason: string | null = null): Outcome => {
      const { route, attempts } = row
      options.onTried(outcome, { route, attempts, reason, requestId: kept?.requestId ?? null })
      return outcome
    }
    const abandon = async (reason: string) =>
      tell((await recordAbandoned(row, kept, reason)) ? 'abandoned' : 'lost', reason)

    if (!kept) return abandon('unreadable')
    if (row.attempts > maxAttempts) return abandon('too_many_attempts')
    const caller = await recall(kept.proof, kept.ip)
    if (!caller) return abandon('caller_gone')
    const answer = await runAgain(row, kept, caller)
    const ended = await endOf(db, row)
    if (ended === 'lost') return tell('lost')
    if (ended !== null) {
      await recordCompleted(row, kept, ended)
      return tell('completed')
    }
    // Nothing of it ran: it is not allowed, or not understood, any more. Another try would hear the same.
    if (!answer.isClaimed && answer.status < 500) return abandon(answer.code)
    await releaseClaim(db, row)
    return tell('failed', answer.code)
  }

  async function runAgain(row: TakenOver, kept: KeptRequest, caller: Caller) {
    let isClaimed = false
    const again: Resumption = {
      caller,
      claim: (request) => {
        if (request.principal !== row.principal || !row.isSame(request))
          throw httpErrors.idempotency_key_reused()
        isClaimed = true
        return row.claim(request)
      },
    }
    const app = await options.openApp()
    const reply = await resumption.run(again, async () => {
      // Injecting begins with the await, which has to be in here.
      const injected = await app.inject({
        method: 'POST',
        url: kept.url,
        remoteAddress: kept.ip,
        headers: {
          ...kept.headers,
          host: new URL(settings.publicUrl).host,
          'x-request-id': kept.requestId,
          'idempotency-key': row.key,
          ...(kept.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(kept.body === undefined ? {} : { payload: JSON.stringify(kept.body) }),
      })
      return injected
    })
    const isProblem = String(reply.headers['content-type']).startsWith('application/problem+json')
    const code = isProblem ? reply.json<{ code: string }>().code : String(reply.statusCode)
    return { isClaimed, status: reply.statusCode, code }
  }

  const ctxFor = (row: TakenOver, kept: KeptRequest | null) =>
    createCtx(context, {
      actor: {
        kind: 'system',
        id: 'http:completer',
        impersonatorId: null,
        onBehalfOf: row.userId,
        sessionId: null,
        ip: null,
        roles: [],
        ...nothing,
      },
      requestId: kept?.requestId ?? row.owner,
    })

  async function recordCompleted(row: TakenOver, kept: KeptRequest, status: number) {
    const { route, key, attempts, userId } = row
    await ctxFor(row, kept).tx((tx) =>
      tx.record(requestCompleted, userId, { route, key, attempts, status }),
    )
  }

  async function recordAbandoned(row: TakenOver, kept: KeptRequest | null, reason: string) {
    const { route, key, attempts, userId } = row
    return ctxFor(row, kept).tx(async (tx) => {
      if (!(await abandonClaim(tx.db, row))) return false
      await tx.record(requestAbandoned, userId, { route, key, attempts, reason })
      return true
    })
  }

  return async (signal?: AbortSignal): Promise<number> => {
    const leaseSeconds = settings.requestTimeout + leaseMarginSeconds
    const failures: unknown[] = []
    let tried = 0
    for (const found of await findAbandoned(db, batchSize)) {
      if (signal?.aborted) break
      const row = await takeOverAbandoned(db, secret, found, leaseSeconds)
      if (!row) continue
      tried += 1
      // One that cannot even be tried keeps no other waiting; its lease runs out and its attempt is counted.
      await complete(row).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, 'requests could not be finished')
    return tried
  }
}
