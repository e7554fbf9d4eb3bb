/** Jobs of the auth room: mails that follow sign-up. Payloads carry ids; tokens are computed when the mail is written. */
import { pageAddress } from '../../platform/http/languages.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { getUser } from '../users/index.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { alreadyRegistered, verifyEmail } from './mails.ts'
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

export const sendAlreadyRegistered = defineJob(
  'auth.send_already_registered',
  mailPolicy,
  async (ctx, { userId, attemptId }: { userId: string; attemptId: string }) => {
    const user = await getUser(ctx, userId)
    if (user.erasedAt !== null) return
    const mail = alreadyRegistered.render(
      {
        name: user.name,
        signInLink: pageAddress(ctx.settings.publicUrl, '/sign-in', user.locale),
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `auth.send_already_registered:${attemptId}`)
  },
)
