/** Callers as the HTTP layer knows them: made from a session or a key, and found again by the proof they leave. */
import { randomUUID } from 'node:crypto'
import { type Actor, type ContextDeps, type ReadCtx, createCtx } from '../../platform/context.ts'
import { anonymousFrom, type Caller, type Recall } from '../../platform/http/index.ts'
import { type KeyIdentity, findIdentityByKeyId } from './api-keys.ts'
import { type Identity, findIdentityBySession } from './sessions.ts'

/** A caller who is somebody. */
export type Found = Pick<Caller, 'actor' | 'proof' | 'provenAt' | 'ownLimit'>

export function strangerFrom(ip: string): Caller {
  return {
    actor: anonymousFrom(ip),
    credential: 'none',
    csrfBinding: null,
    proof: null,
    provenAt: null,
    ownLimit: null,
  }
}

export function foundBySession(identity: Identity, ip: string): Found {
  const { sessionId, provenAt } = identity
  const actor = actorOf(identity, sessionId, ip)
  return { actor, proof: `session:${sessionId}`, provenAt, ownLimit: null }
}

/** A key shows no factor: what asks for one is out of its reach. */
export function foundByKey(identity: KeyIdentity, ip: string): Found {
  const { keyId, requestsPerMinute } = identity
  return {
    actor: actorOf(identity, null, ip),
    proof: `api_key:${keyId}`,
    provenAt: null,
    ownLimit:
      requestsPerMinute === null
        ? null
        : { policy: 'auth_api_key', key: keyId, limit: requestsPerMinute },
  }
}

/**
 * Makes the function that finds callers again, without their credential and past every cache: only while the session
 * or the key stands and its owner may act, and with what they may do now.
 */
export function openRecall(deps: ContextDeps): Recall {
  return async (proof, ip) => {
    if (proof === null) return strangerFrom(ip)
    const ctx = createCtx(deps, { actor: anonymousFrom(ip), requestId: randomUUID() })
    const found = await findAgain(ctx, proof, ip)
    return found && { ...found, credential: 'bearer', csrfBinding: null }
  }
}

async function findAgain(ctx: ReadCtx, proof: string, ip: string): Promise<Found | null> {
  const [kind, id = ''] = proof.split(':')
  if (kind === 'session') {
    const identity = await findIdentityBySession(ctx, id)
    return identity && foundBySession(identity, ip)
  }
  if (kind !== 'api_key') return null
  const identity = await findIdentityByKeyId(ctx, id)
  return identity && foundByKey(identity, ip)
}

function actorOf(
  { userId, roles, can, reach }: Identity | KeyIdentity,
  sessionId: string | null,
  ip: string,
): Actor {
  return { kind: 'user', id: userId, onBehalfOf: null, sessionId, ip, roles, can, reach }
}
