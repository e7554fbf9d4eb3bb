/** Jobs around passwords: the mails that were asked for by naming an address, the notice of a change, and cleaning up. */
import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { pageAddress } from '../../platform/http/languages.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { findChangeAddress } from './credentials.ts'
import { findUserByEmail, getUser, lockUser } from '../users/index.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { passwordChanged, resetPassword } from './mails.ts'
import { findReset, resetMinutes, resetTokenOf } from './reset-proofs.ts'
import { mailRequests, verifications } from './tables.ts'
import { startVerification } from './verifications.ts'

export const sendPasswordReset = defineJob(
  'auth.send_password_reset',
  mailPolicy,
  async (ctx, { requestId }: { requestId: string }) => {
    const reset = await findReset(ctx, requestId)
    // Nobody's address, or used, replaced or expired meanwhile.
    if (!reset) return
    const user = await getUser(ctx, reset.userId)
    if (user.status !== 'active' || user.email !== reset.email) return
    const mail = resetPassword.render(
      {
        name: user.name,
        link: `${pageAddress(ctx.settings.publicUrl, '/reset-password', user.locale)}#token=${resetTokenOf(ctx, reset.id)}`,
        expiresMinutes: resetMinutes,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, reset.email, mail, `auth.send_password_reset:${requestId}`)
  },
)

/** Starts the verification of an address anew, with the password of its newest sign-up. */
export const resendVerification = defineJob(
  'auth.resend_verification',
  mailPolicy,
  async (ctx, { requestId }: { requestId: string }) => {
    await ctx.tx(async (tx) => {
      const [request] = await tx.db
        .update(mailRequests)
        .set({ usedAt: tx.now })
        .where(
          and(
            eq(mailRequests.id, requestId),
            eq(mailRequests.purpose, 'verification'),
            isNull(mailRequests.usedAt),
            gt(mailRequests.expiresAt, sql`now()`),
          ),
        )
        .returning({ email: mailRequests.email })
      const found = request ? await findUserByEmail(tx, request.email) : null
      if (!found) return
      const user = await lockUser(tx, found.id)
      if (user.emailVerifiedAt !== null || user.status !== 'active') return
      const [signUp] = await tx.db
        .select({ passwordHash: verifications.passwordHash })
        .from(verifications)
        .where(and(eq(verifications.userId, user.id), eq(verifications.email, user.email)))
        .orderBy(desc(verifications.createdAt), desc(verifications.id))
        .limit(1)
      await startVerification(tx, {
        userId: user.id,
        email: user.email,
        passwordHash: signUp?.passwordHash ?? null,
      })
    })
  },
)

export const sendPasswordChanged = defineJob(
  'auth.send_password_changed',
  mailPolicy,
  async (ctx, notice: { userId: string; at: string; waysRemoved: number }) => {
    const user = await getUser(ctx, notice.userId)
    if (user.erasedAt !== null) return
    const mail = passwordChanged.render(
      {
        name: user.name,
        at: notice.at,
        waysRemoved: notice.waysRemoved,
        ipAddress: await findChangeAddress(ctx, user.id, new Date(notice.at)),
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    const key = `auth.send_password_changed:${notice.userId}:${notice.at}`
    await sendMail(ctx, user.email, mail, key)
  },
)

/** Requests only matter while they count against the next one: nobody needs to know later who asked for what. */
export const forgetMailRequests = defineJob(
  'auth.forget_mail_requests',
  { cron: '25 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx) => {
    await deleteInBatches(
      ctx,
      mailRequests,
      lt(mailRequests.createdAt, sql`now() - interval '1 day'`),
    )
  },
)
