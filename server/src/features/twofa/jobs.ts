/** Jobs of the twofa room: notices to the user, and the removal of what is over. */
import { and, isNull, lt, sql } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import { chooseMailLocale, isPermanent, messageIdFor } from '../../platform/mail/index.ts'
import { getUser } from '../users/index.ts'
import { backupCodesRegenerated, backupCodeUsed, disabled, enabled } from './mails.ts'
import { factors, pendingLogins, trustedDevices, wrongCodes } from './tables.ts'

const notices = {
  enabled,
  disabled,
  backup_codes_regenerated: backupCodesRegenerated,
  backup_code_used: backupCodeUsed,
}
export type Notice = keyof typeof notices

type NoticePayload = {
  userId: string
  notice: Notice
  /** When it happened, RFC 3339. */
  at: string
  /** Backup codes left afterwards, where that is what the notice is about. */
  left: number | null
}

/** What happened to a second factor is told to its owner, so that a thief cannot do it unseen. */
export const sendNotice = defineJob(
  'twofa.send_notice',
  { queue: 'mail', attempts: 10, backoffSeconds: 5, timeoutSeconds: 45 },
  async (ctx, { userId, notice, at, left }: NoticePayload) => {
    const user = await getUser(ctx, userId)
    if (user.erasedAt !== null) return
    const { publicUrl } = ctx.settings
    const mail = notices[notice].render(
      {
        name: user.name,
        at,
        left: left ?? 0,
        resetLink: pageAddress(publicUrl, '/forgot-password', user.locale),
      },
      { locale: chooseMailLocale(user.locale), product: { name: 'Ashlar', publicUrl } },
    )
    const messageId = messageIdFor(`twofa.send_notice:${userId}:${notice}:${at}`, publicUrl)
    try {
      await ctx.ports.mail.send({ to: user.email, ...mail, messageId, userId: user.id })
    } catch (error) {
      // A refused address stays refused; anything else may be better in a minute.
      throw isPermanent(error)
        ? new PermanentFailure('the mail was refused', { cause: error })
        : error
    }
  },
)

/** Rows that only mattered for a while. */
export const sweep = defineJob(
  'twofa.sweep',
  { cron: '23 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => {
    const aDayAgo = sql`now() - interval '1 day'`
    await deleteInBatches(ctx, pendingLogins, lt(pendingLogins.expiresAt, aDayAgo))
    await deleteInBatches(ctx, wrongCodes, lt(wrongCodes.at, aDayAgo))
    await deleteInBatches(ctx, trustedDevices, lt(trustedDevices.expiresAt, sql`now()`))
    const neverConfirmed = and(isNull(factors.confirmedAt), lt(factors.createdAt, aDayAgo))
    await deleteInBatches(ctx, factors, neverConfirmed)
  },
)
