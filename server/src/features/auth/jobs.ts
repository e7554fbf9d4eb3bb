/** Jobs of the auth room: mails that follow sign-up. Payloads carry ids; tokens are computed when the mail is written. */
import type { Ctx } from '../../platform/context.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { PermanentFailure } from '../../platform/jobs/index.ts'
import {
  type RenderedMail,
  chooseMailLocale,
  isPermanent,
  messageIdFor,
} from '../../platform/mail/index.ts'
import { getUser } from '../users/index.ts'
import { alreadyRegistered, verifyEmail } from './mails.ts'
import { findProof, verificationMinutes } from './verification-proofs.ts'

const policy = { queue: 'mail', attempts: 10, backoffSeconds: 5, timeoutSeconds: 45 }

export const sendVerification = defineJob(
  'auth.send_verification',
  policy,
  async (ctx, { verificationId }: { verificationId: string }) => {
    const proof = await findProof(ctx, verificationId)
    // Used, replaced or expired meanwhile: the mail would only mislead.
    if (!proof) return
    const user = await getUser(ctx, proof.userId)
    const mail = verifyEmail.render(
      {
        name: user.name,
        link: `${ctx.settings.publicUrl}/verify-email#token=${proof.token}`,
        code: proof.code,
        expiresMinutes: verificationMinutes,
      },
      renderingFor(ctx, user.locale),
    )
    await send(ctx, proof.email, mail, `auth.send_verification:${verificationId}`)
  },
)

export const sendAlreadyRegistered = defineJob(
  'auth.send_already_registered',
  policy,
  async (ctx, { userId, attemptId }: { userId: string; attemptId: string }) => {
    const user = await getUser(ctx, userId)
    const mail = alreadyRegistered.render(
      {
        name: user.name,
        signInLink: `${ctx.settings.publicUrl}/sign-in`,
        resetLink: `${ctx.settings.publicUrl}/forgot-password`,
      },
      renderingFor(ctx, user.locale),
    )
    await send(ctx, user.email, mail, `auth.send_already_registered:${attemptId}`)
  },
)

function renderingFor(ctx: Ctx, locale: string) {
  return {
    locale: chooseMailLocale(locale),
    product: { name: 'Ashlar', publicUrl: ctx.settings.publicUrl },
  }
}

async function send(ctx: Ctx, to: string, mail: RenderedMail, jobKey: string): Promise<void> {
  const messageId = messageIdFor(jobKey, ctx.settings.publicUrl)
  try {
    await ctx.ports.mail.send({ to, ...mail, messageId })
  } catch (error) {
    // A refused address stays refused; anything else may be better in a minute.
    throw isPermanent(error)
      ? new PermanentFailure('the mail was refused', { cause: error })
      : error
  }
}
