/** Callers as the HTTP layer knows them: made from a session or a key, and found again by the proof they leave. */
import { randomUUID } from 'node:crypto'
import { type Actor, type ContextDeps, type ReadCtx, createCtx } from '../../platform/context.ts'
import { anonymousFrom, type Caller, type Recall } from '../../platform/http/index.ts'
import { type KeyIdentity, findIdentityByKeyId } from './api-keys.ts'
import { mayImpersonate } from './impersonated-sessions.ts'
import { type Identity, findIdentityBySession } from './sessions.ts'

/** A caller who is somebody. */
export type Found = Omit<Caller, 'credential' | 'csrfBinding'>

/** What most callers have nothing of. */
const plain = {
  provenAt: null,
  hasAuthenticator: false,
  elevatedAt: null,
  isReadOnly: false,
  impersonation: null,
  ownLimit: null,
} as const

export function strangerFrom(ip: string): Caller {
  return {
    ...plain,
    actor: anonymousFrom(ip),
    credential: 'none',
    csrfBinding: null,
    proof: null,
  }
}

/** Null for a session of an impersonator who may not act in this account, or not any more. */
export function foundBySession(identity: Identity, ip: string): Found | null {
  const { sessionId, provenAt, elevatedAt, hasAuthenticator, impersonator, expiresAt } = identity
  if (impersonator && !mayImpersonate(impersonator, identity.rules)) return null
  const actor = actorOf(identity, sessionId, ip)
  const found = { ...plain, proof: `session:${sessionId}`, hasAuthenticator }
  if (!impersonator) return { ...found, actor, provenAt, elevatedAt }
  const { userId: by, reason } = impersonator
  return {
    ...found,
    actor: { ...actor, impersonatorId: by },
    impersonation: { by, reason, expiresAt },
  }
}

/** A key shows no factor: what asks for one is out of its reach. */
export function foundByKey(identity: KeyIdentity, ip: string): Found {
  const { keyId, requestsPerMinute, hasAuthenticator } = identity
  return {
    ...plain,
    hasAuthenticator,
    actor: actorOf(identity, null, ip),
    proof: `api_key:${keyId}`,
    ownLimit:
      requestsPerMinute === null
        ? null
        : { policy: 'auth_api_key', key: keyId, limit: requestsPerMinute },
  }
}

/** A program that acts for nobody or for a user, with its own name. It shows no factor either. */
export function foundByService(
  program: Pick<Actor, 'id' | 'onBehalfOf' | 'roles' | 'can' | 'reach'> &
    Pick<Caller, 'isReadOnly' | 'ownLimit'>,
  ip: string | null,
): Found {
  const { isReadOnly, ownLimit, ...who } = program
  const actor = { ...who, kind: 'service', impersonatorId: null, sessionId: null, ip } as const
  return { ...plain, actor, proof: `service_token:${who.id}`, isReadOnly, ownLimit }
}

/** Finds a program again by its id; null when it may not act any more. */
type FindProgram = (ctx: ReadCtx, id: string) => Promise<Found | null>

/**
 * Makes the function that finds callers again, without their credential and past every cache: only while the session,
 * the key or the token stands and its owner may act, and with what they may do now.
 */
export function openRecall(deps: ContextDeps, findProgram: FindProgram): Recall {
  return async (proof, ip) => {
    if (proof === null) return strangerFrom(ip)
    const ctx = createCtx(deps, { actor: anonymousFrom(ip), requestId: randomUUID() })
    const found = await findAgain(ctx, findProgram, proof)
    return found && { ...found, credential: 'bearer', csrfBinding: null }
  }
}

async function findAgain(
  ctx: ReadCtx,
  findProgram: FindProgram,
  proof: string,
): Promise<Found | null> {
  const [kind, id = ''] = proof.split(':')
  const ip = ctx.actor.ip ?? ''
  switch (kind) {
    case 'session': {
      const identity = await findIdentityBySession(ctx, id)
      return identity && foundBySession(identity, ip)
    }
    case 'api_key': {
      const identity = await findIdentityByKeyId(ctx, id)
      return identity && foundByKey(identity, ip)
    }
    case 'service_token':
      return findProgram(ctx, id)
    default:
      return null
  }
}

function actorOf(
  { userId, roles, can, reach }: Identity | KeyIdentity,
  sessionId: string | null,
  ip: string,
): Actor {
  return {
    kind: 'user',
    id: userId,
    impersonatorId: null,
    onBehalfOf: null,
    sessionId,
    ip,
    roles,
    can,
    reach,
  }
}
