/** How the mails of this room are written and handed over: in the reader's language, under an id of their job. */
import type { Ctx } from '../../platform/context.ts'
import { PermanentFailure } from '../../platform/jobs/index.ts'
import {
  type RenderedMail,
  chooseMailLocale,
  isPermanent,
  messageIdFor,
} from '../../platform/mail/index.ts'
import { findUserByEmail } from '../users/index.ts'

/** What the mails call this place. */
export const productName = 'Ashlar'

/** Mail servers are away for minutes, and ask for patience. */
export const mailPolicy = { queue: 'mail', attempts: 10, backoffSeconds: 5, timeoutSeconds: 45 }

export function renderingFor(ctx: Ctx, locale: string) {
  return {
    locale: chooseMailLocale(locale),
    product: { name: productName, publicUrl: ctx.settings.publicUrl },
  }
}

export async function sendMail(
  ctx: Ctx,
  to: string,
  mail: RenderedMail,
  jobKey: string,
): Promise<void> {
  const messageId = messageIdFor(jobKey, ctx.settings.publicUrl)
  const owner = await findUserByEmail(ctx, to)
  try {
    await ctx.ports.mail.send({ to, ...mail, messageId, userId: owner?.id ?? null })
  } catch (error) {
    // A refused address stays refused; anything else may be better in a minute.
    throw isPermanent(error)
      ? new PermanentFailure('the mail was refused', { cause: error })
      : error
  }
}
