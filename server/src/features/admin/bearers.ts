/** Requests of programs: whose token is it? Answered through the cache that rotation and revocation empty. */
import type { Invalidations } from '../../platform/cache/index.ts'
import type { ReadCtx, Settings } from '../../platform/context.ts'
import { hashToken, isSame, isWholeToken } from '../../platform/secrets.ts'
import { type Found, type ServiceBearer, foundByService } from '../auth/index.ts'
import {
  type ServiceIdentity,
  findEnvironmentIdentity,
  findProgram,
  findServiceIdentity,
  serviceTokenLabel,
  touchServiceToken,
} from './tokens.ts'

/** How stale `lastUsedAt` may be. */
const touchAfterMs = 5 * 60 * 1000

/** Makes the function that sign-in asks about a token of neither a session nor a key. */
export function openServiceBearer(
  { adminServiceTokenHash }: Pick<Settings, 'adminServiceTokenHash'>,
  invalidations: Invalidations,
): ServiceBearer {
  const cache = invalidations.cache<ServiceIdentity>('service_token')
  const known = (adminServiceTokenHash?.split(',') ?? []).map((hex) => Buffer.from(hex, 'hex'))

  return async (ctx, token, lookUp) => {
    const hash = hashToken(token)
    const isEnvironment = known.some((each) => isSame(each, hash))
    if (!isEnvironment && !isWholeToken(serviceTokenLabel, token)) return null
    const key = hash.toString('base64')
    const identity = await cache.get(
      key,
      () =>
        lookUp(key, () =>
          isEnvironment ? findEnvironmentIdentity(ctx) : findServiceIdentity(ctx, hash),
        ),
      ({ id, backedBy, roles }) => [
        `service_token:${id}`,
        ...(backedBy ? [`user:${backedBy}`] : []),
        ...roles.map((role) => `role:${role}`),
      ],
    )
    if (!identity || (identity.expiresAt && identity.expiresAt.getTime() <= Date.now())) return null
    if (!isEnvironment && Date.now() - (identity.lastUsedAt?.getTime() ?? 0) > touchAfterMs) {
      await ctx.tx((tx) => touchServiceToken(tx, identity.id))
      invalidations.forget([`service_token:${identity.id}`])
    }
    const { requestsPerMinute: limit, id } = identity
    const ownLimit = limit === null ? null : { policy: 'admin_service_token', key: id, limit }
    return foundByService({ ...identity, ownLimit }, ctx.actor.ip)
  }
}

/** Finds a program again by the id that it acts under, past every cache. */
export async function findProgramAgain(ctx: ReadCtx, id: string): Promise<Found | null> {
  const identity = await findProgram(ctx, id)
  return identity && foundByService({ ...identity, ownLimit: null }, ctx.actor.ip)
}
