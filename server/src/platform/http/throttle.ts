/** Rate limits in front of routes: the general one that every request meets, and those a route names. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { whoActs } from '../context.ts'
import { type Decision, limitErrors, mostRestrictive, rateLimitHeaders } from '../limits/index.ts'
import type { HttpOptions, OwnLimit } from './options.ts'
import type { RouteLimit } from './route.ts'

export type Throttle = {
  /** Shows a decision to the client; throws `rate_limit.exceeded` for a refusal, and counts it. */
  enforce(reply: FastifyReply, decision: Decision): void
  /** Counts the request against the general limit of its caller. */
  general(request: FastifyRequest, reply: FastifyReply): void | Promise<void>
  /** Counts it against one more limit, by address. */
  byClient(request: FastifyRequest, reply: FastifyReply, policy: string): Promise<void>
  /** Counts it against the limits its route names. */
  route(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

export function openThrottle({ limits, onLimited }: HttpOptions): Throttle {
  function enforce(reply: FastifyReply, decision: Decision): void {
    void reply.headers(rateLimitHeaders(decision))
    if (decision.isAllowed) return
    onLimited(decision.policy)
    throw limitErrors.exceeded({
      policy: decision.policy,
      retryAfterSeconds: Math.max(1, decision.resetSeconds),
    })
  }

  /** The credential's own first: it is the lower one, and refused requests do not use up its owner's. */
  async function both(
    { caller, clientKey }: FastifyRequest,
    reply: FastifyReply,
    { policy, key, limit }: OwnLimit,
  ): Promise<void> {
    const own = await limits.takeExact(policy, key, limit)
    enforce(reply, own)
    const general = await limits.takeGeneral(whoActs(caller.actor).id ?? clientKey)
    if (general) enforce(reply, mostRestrictive([own, general]))
  }

  return {
    enforce,
    general: (request, reply) => {
      const { actor, ownLimit } = request.caller
      if (ownLimit) return both(request, reply, ownLimit)
      const decision = limits.takeGeneral(whoActs(actor).id ?? request.clientKey)
      if (decision instanceof Promise) return decision.then((found) => enforce(reply, found))
      if (decision) enforce(reply, decision)
    },
    byClient: async (request, reply, policy) => {
      const decision = await limits.takeForRoute([{ policy, key: request.clientKey }])
      if (decision) enforce(reply, decision)
    },
    route: async (request, reply) => {
      const named = request.routeOptions.config.limits ?? []
      const hits = named.flatMap(({ policy, by }) => {
        const key = limitKeyOf(request, by)
        return key === null ? [] : [{ policy, key }]
      })
      const decision = await limits.takeForRoute(hits)
      if (decision) enforce(reply, decision)
    },
  }
}

function limitKeyOf(request: FastifyRequest, by: RouteLimit['by']): string | null {
  if (by === 'client') return request.clientKey
  if (by === 'user') return request.caller.actor.id ?? request.clientKey
  return by(request.body as never, request.clientKey)
}
