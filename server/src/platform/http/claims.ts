/** The `Idempotency-Key` of a request: claimed before its handler runs, answered from memory, or finished with its answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { whoActs } from '../context.ts'
import { crashPoint } from '../crash-points.ts'
import { deriveKey } from '../secrets.ts'
import { httpErrors } from './errors.ts'
import type { KeptRequest } from './idempotency-rows.ts'
import { type Claim, claimKey, leaseMarginSeconds, rememberSeconds } from './idempotency.ts'
import { type HttpOptions, routeOf } from './options.ts'
import { resumption } from './resumption.ts'

/** Headers that handlers may read, kept for the server's own second try. */
const keptRequestHeaders = ['if-match', 'accept-language', 'user-agent']

export type Claims = {
  /** The claim a handler runs under; null without a key, and when an earlier answer was sent. */
  claim(request: FastifyRequest, reply: FastifyReply): Promise<Claim | null>
  /** Stores the answer that is about to be sent. */
  finish(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void>
}

/** `isAlias` says whether a request was spelt with an older path. */
export function openClaims(
  { context }: HttpOptions,
  isAlias: (request: FastifyRequest) => boolean,
): Claims {
  const { settings, db } = context
  const secret = deriveKey(settings.secretKey, 'idempotency')
  return {
    claim: async (request, reply) => {
      const { idempotency, isBare } = request.routeOptions.config
      if (request.method !== 'POST' || isBare || request.is404 || idempotency === 'off') return null
      const key = request.headers['idempotency-key']
      if (key === undefined) {
        if (idempotency === 'required') throw httpErrors.idempotency_key_required()
        return null
      }
      const isRequired = idempotency === 'required'
      const keyed = {
        principal: principalOf(request),
        method: request.method,
        route: routeOf(request),
        url: request.url,
        key: String(key),
        body: request.body,
        apiVersion: settings.apiVersion,
        // What moves money is finished, whether or not its client comes back.
        kept: isRequired ? keptRequest(request) : null,
        leaseSeconds: settings.requestTimeout + leaseMarginSeconds,
        rememberSeconds: isRequired ? rememberSeconds.money : rememberSeconds.usual,
      }
      const again = resumption.getStore()
      if (again) return again.claim(keyed)
      const found = await claimKey(db, secret, keyed)
      if ('finish' in found) {
        crashPoint('idempotency.after_claim')
        return found
      }
      await reply
        .code(found.status)
        .headers({ ...found.headers, 'idempotent-replayed': 'true' })
        .serializer(asIs)
        .send(found.body)
      return null
    },
    finish: async (request, reply, payload) => {
      const { claim } = request
      if (!claim) return
      request.claim = null
      crashPoint('idempotency.before_store')
      await claim.finish({
        status: reply.statusCode,
        headers: keptHeaders(reply, isAlias(request)),
        body: bytesOf(payload),
      })
      crashPoint('idempotency.after_store')
    },
  }
}

/** Whose keys they are: a stranger's by address. */
function principalOf({ caller, clientKey }: FastifyRequest): string {
  const { kind, id, onBehalfOf } = whoActs(caller.actor)
  return `${kind}:${id ?? clientKey}:${onBehalfOf ?? ''}`
}

function keptRequest({ id, url, body, headers, clientIp, caller }: FastifyRequest): KeptRequest {
  const kept = keptRequestHeaders.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return {
    url,
    body,
    headers: Object.fromEntries(kept),
    requestId: id,
    ip: clientIp,
    proof: caller.proof,
  }
}

/** A stored answer is sent byte for byte; Fastify's types only know serializers that make text. */
const asIs = (stored: unknown) => stored as string

/** The `Link` of an alias belongs to how this one request was spelt, not to the answer. */
function keptHeaders(reply: FastifyReply, isAlias: boolean): Record<string, string> {
  const kept = ['content-type', 'location', 'etag', ...(isAlias ? [] : ['link'])]
  const found = kept.map((name) => [name, reply.getHeader(name)] as const)
  return Object.fromEntries(
    found.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  )
}

function bytesOf(payload: unknown): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload)
  if (Buffer.isBuffer(payload)) return payload
  if (payload === null || payload === undefined) return Buffer.alloc(0)
  throw new Error('a streamed answer cannot be kept: the route needs idempotency: off')
}
