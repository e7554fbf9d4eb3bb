/**
 * Refused attempts become facts: what a room says was refused, every 403 of a caller who is known, and, counted together,
 * strangers who were refused and whoever met a limit.
 */
import type { FastifyRequest } from 'fastify'
import { type Actor, createCtx } from '../context.ts'
import type { AppError } from '../errors.ts'
import { type EventType, type Fact, defineEvent, refused } from '../events/index.ts'
import { type HttpOptions, anonymousFrom, routeOf } from './options.ts'
import { toAppError } from './problem.ts'
import { resumption } from './resumption.ts'

type Refusal = { permission: string | null; code: string; method: string; route: string }
const requestRefused: EventType<'http.request_refused', Refusal> =
  defineEvent<Refusal>()('http.request_refused')

/** Makes the function that records a refusal. It never fails: the answer is a refusal either way. */
export function openRefusals({ context, onFailure, refusals }: HttpOptions) {
  return async (request: FastifyRequest, error: AppError): Promise<void> => {
    const actor = request.caller?.actor ?? anonymousFrom(request.clientIp)
    if (!error.refusal && isCounted(actor, error)) {
      const { code, status, details } = error
      const policy = (details['policy'] as string | undefined) ?? null
      const { id, method } = request
      return refusals.count(actor, id, { code, status, policy, method, route: routeOf(request) })
    }
    const fact = error.refusal ?? factOf(request, error)
    if (!fact) return
    const ctx = createCtx(context, { actor, requestId: request.id })
    try {
      await ctx.recordRefusal(fact)
    } catch (cause) {
      // That it went unrecorded is our failure and is reported as one.
      const { id: requestId, method } = request
      onFailure(toAppError(cause), { requestId, route: routeOf(request), method })
    }
  }
}

function isCounted({ kind }: Actor, { status }: AppError): boolean {
  if (resumption.getStore()) return false
  return status === 429 || (kind === 'anonymous' && (status === 401 || status === 403))
}

function factOf(request: FastifyRequest, error: AppError): Fact | null {
  const actor = request.caller?.actor
  // The caller attempted nothing now: the completer says what became of it.
  if (resumption.getStore()) return null
  if (!actor || actor.kind === 'anonymous' || error.status !== 403) return null
  return refused(requestRefused, null, {
    permission: (error.details['permission'] as string | undefined) ?? null,
    code: error.code,
    method: request.method,
    route: routeOf(request),
  })
}
