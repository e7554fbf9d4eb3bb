/** Jobs of the oidc room: the notice of a new identity, and the removal of what is over. */
import { eq, lt, sql } from 'drizzle-orm'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { mailPolicy, renderingFor, sendMail } from '../auth/index.ts'
import { getUser } from '../users/index.ts'
import { identityAdded } from './mails.ts'
import { attempts, identities, tokenSessions } from './tables.ts'

/** A way in that was added is told to the account's owner, so that a thief cannot add one unseen. */
export const sendIdentityAdded = defineJob(
  'oidc.send_identity_added',
  mailPolicy,
  async (ctx, added: { userId: string; identityId: string; at: string; ip: string | null }) => {
    const { userId, identityId, at, ip } = added
    const [identity] = await ctx.db.select().from(identities).where(eq(identities.id, identityId))
    if (!identity) return
    const user = await getUser(ctx, userId)
    const provider = ctx.ports.identity.list.find(({ issuer }) => issuer === identity.issuer)
    const mail = identityAdded.render(
      {
        name: user.name,
        provider: provider?.name ?? identity.issuer,
        address: identity.email,
        at,
        ipAddress: ip,
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `oidc.send_identity_added:${identityId}:${at}`)
  },
)

/** Rows that only mattered for a while. */
export const sweepAttempts = defineJob(
  'oidc.sweep_attempts',
  { cron: '41 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => {
    await deleteInBatches(ctx, attempts, lt(attempts.expiresAt, sql`now() - interval '1 day'`))
    await deleteInBatches(ctx, tokenSessions, lt(tokenSessions.forgetAt, sql`now()`))
  },
)
