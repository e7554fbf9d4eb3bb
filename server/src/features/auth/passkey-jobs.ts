/** Jobs around passkeys: the notice of a change, and forgetting questions that nobody answered. */
import { eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { getUser } from '../users/index.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { forgetOldChallenges } from './passkey-challenges.ts'
import { passkeyAdded, passkeyRemoved } from './passkey-mails.ts'
import { passkeys } from './tables.ts'

type Notice = {
  userId: string
  notice: 'added' | 'removed'
  passkeyId: string
  /** RFC 3339. */
  at: string
  ip: string | null
}

export const sendPasskeyNotice = defineJob(
  'auth.send_passkey_notice',
  mailPolicy,
  async (ctx, { userId, notice, passkeyId, at, ip }: Notice) => {
    const user = await getUser(ctx, userId)
    if (user.erasedAt !== null) return
    const template = notice === 'added' ? passkeyAdded : passkeyRemoved
    const mail = template.render(
      {
        name: user.name,
        passkeyName: await findName(ctx, passkeyId),
        at,
        ipAddress: ip,
        resetLink: pageAddress(ctx.settings.publicUrl, '/forgot-password', user.locale),
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, user.email, mail, `auth.send_passkey_notice:${userId}:${notice}:${at}`)
  },
)

/** What its owner calls it; a removed one is not there to be asked. */
async function findName(ctx: ReadCtx, id: string): Promise<string | null> {
  const [found] = await ctx.db
    .select({ name: passkeys.name })
    .from(passkeys)
    .where(eq(passkeys.id, id))
  return found?.name ?? null
}

export const forgetPasskeyChallenges = defineJob(
  'auth.forget_passkey_challenges',
  { cron: '*/10 * * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx) => forgetOldChallenges(ctx),
)
