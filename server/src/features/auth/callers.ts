/** Callers as the HTTP layer knows them: made from a session or a key, and found again by the proof they leave. */
import { randomUUID } from 'node:crypto'
import { type Actor, type ContextDeps, createCtx } from '../../platform/context.ts'
import { anonymousFrom, type Caller, type Recall } from '../../platform/http/index.ts'
import { type KeyIdentity, findIdentityByKeyId } from './api-keys.ts'
import { type Identity, findIdentityBySession } from './sessions.ts'

/** A caller who is somebody. */
export type Found = Pick<Caller, 'actor' | 'proof'>

export const sessionProof = (id: string) => `session:${id}`
export const keyProof = (id: string) => `api_key:${id}`

export function strangerFrom(ip: string): Caller {
  return { actor: anonymousFrom(ip), credential: 'none', csrfBinding: null, proof: null }
}

export function actorOfSession({ userId, sessionId, roles, can }: Identity, ip: string): Actor {
  return { kind: 'user', id: userId, onBehalfOf: null, sessionId, ip, roles, can }
}

export function actorOfKey({ userId, roles, can }: KeyIdentity, ip: string): Actor {
  return { kind: 'user', id: userId, onBehalfOf: null, sessionId: null, ip, roles, can }
}

/**
 * Makes the function that finds callers again, without their credential and past every cache: only while the session
 * or the key stands and its owner may act, and with what they may do now.
 */
export function openRecall(deps: ContextDeps): Recall {
  return async (proof, ip) => {
    if (proof === null) return strangerFrom(ip)
    const ctx = createCtx(deps, { actor: anonymousFrom(ip), requestId: randomUUID() })
    const [kind, id = ''] = proof.split(':')
    const actor =
      kind === 'session'
        ? actorBySession(await findIdentityBySession(ctx, id), ip)
        : kind === 'api_key'
          ? actorByKey(await findIdentityByKeyId(ctx, id), ip)
          : null
    return actor && { actor, credential: 'bearer', csrfBinding: null, proof }
  }
}

const actorBySession = (found: Identity | null, ip: string) => found && actorOfSession(found, ip)
const actorByKey = (found: KeyIdentity | null, ip: string) => found && actorOfKey(found, ip)
