/** A mail to oneself, or to those whom alerts reach: sent now, by the very way that all mails take. */
import type { Ctx } from '../../platform/context.ts'
import { accessErrors } from '../../platform/http/errors.ts'
import { chooseMailLocale, messageIdFor } from '../../platform/mail/index.ts'
import { redactText } from '../../platform/telemetry/index.ts'
import { getUser } from '../users/index.ts'
import { testMail } from './mails.ts'

const productName = 'Ashlar'

export type SentTest = {
  readonly to: string
  readonly driver: string
  readonly isSent: boolean
  /** What the mail server said, also where it refused; null where it says nothing, or mail is captured. */
  readonly answer: string | null
}

/** Only somebody who is a user has an address: throws `access.session_required` (403) for a program. */
export async function sendTestMail(ctx: Ctx): Promise<SentTest> {
  const { actor } = ctx
  if (actor.kind !== 'user' || actor.id === null) throw accessErrors.session_required()
  const { id, email, locale } = await getUser(ctx, actor.id)
  return sendTestTo(ctx, { to: email, userId: id, locale })
}

/** A failure is an answer: whoever tries wants to know what it says. */
export async function sendTestTo(
  ctx: Ctx,
  { to, userId, locale }: { to: string; userId: string | null; locale: string },
): Promise<SentTest> {
  const { publicUrl } = ctx.settings
  const { mail } = ctx.ports
  const written = testMail.render(
    { at: ctx.now.toISOString() },
    { locale: chooseMailLocale(locale), product: { name: productName, publicUrl } },
  )
  const messageId = messageIdFor(`mail.test:${ctx.requestId}:${to}`, publicUrl)
  const tried = { to, driver: mail.driver }
  try {
    const { providerId } = await mail.send({ to, ...written, messageId, userId })
    return { ...tried, isSent: true, answer: providerId }
  } catch (error) {
    return { ...tried, isSent: false, answer: redactText(saidBy(error)) }
  }
}

/** The cause is the mail server's, or the network's, own words. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
