/** Jobs of the auth room: mails that follow sign-up. Payloads carry ids; tokens are computed when the mail is written. */
import { pageAddress } from '../../platform/http/languages.ts'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import type { RenderedMail } from '../../platform/mail/index.ts'
import { type User, getUser } from '../users/index.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { alreadyRegistered, closedAccount, verifyEmail } from './mails.ts'
import { findProof, verificationMinutes } from './verification-proofs.ts'

export const sendVerification = defineJob(
  'auth.send_verification',
  mailPolicy,
  async (ctx, { verificationId }: { verificationId: string }) => {
    const proof = await findProof(ctx, verificationId)
    // Used, replaced or expired meanwhile: the mail would only mislead.
    if (!proof) return
    const user = await getUser(ctx, proof.userId)
    const mail = verifyEmail.render(
      {
        name: user.name,
        link: `${pageAddress(ctx.settings.publicUrl, '/verify-email', user.locale)}#token=${proof.token}`,
        code: proof.code,
        expiresMinutes: verificationMinutes,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, proof.email, mail, `auth.send_verification:${verificationId}`)
  },
)

/** Tells an owner that somebody signs up with their address. Complete with what another room knows of closed accounts. */
export const sendAlreadyRegistered = defineJob(
  'auth.send_already_registered',
  mailPolicy,
  async (_ctx, _attempt: Attempt): Promise<void> => {
    throw new Error('this job needs the privacy room: take it from completeAlreadyRegistered()')
  },
)

type Attempt = { userId: string; attemptId: string }
/** How the owner of a closed account has it back, and until when; null where that is not possible. */
type FindRestoreLink = (
  ctx: ReadCtx,
  userId: string,
) => Promise<{ readonly link: string; readonly until: Date } | null>

/** @param findRestoreLink of the room that closes accounts, which opens this one's door */
export function completeAlreadyRegistered(findRestoreLink: FindRestoreLink) {
  return {
    ...sendAlreadyRegistered,
    run: async (ctx, { userId, attemptId }) => {
      const user = await getUser(ctx, userId)
      const mail = await writeAlreadyRegistered(ctx, user, findRestoreLink)
      if (!mail) return
      await sendMail(ctx, user.email, mail, `auth.send_already_registered:${attemptId}`)
    },
  } satisfies typeof sendAlreadyRegistered
}

/** Only ways that work are suggested. To who was suspended none is left: null, as for who is being erased. */
async function writeAlreadyRegistered(
  ctx: Ctx,
  user: User,
  findRestoreLink: FindRestoreLink,
): Promise<RenderedMail | null> {
  const { name, locale } = user
  if (user.status === 'active')
    return alreadyRegistered.render(
      {
        name,
        signInLink: pageAddress(ctx.settings.publicUrl, '/sign-in', locale),
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', locale),
      },
      renderingFor(ctx, locale),
    )
  const restore = user.status === 'deleted' ? await findRestoreLink(ctx, user.id) : null
  return (
    restore &&
    closedAccount.render(
      { name, link: restore.link, until: restore.until.toISOString() },
      renderingFor(ctx, locale),
    )
  )
}
