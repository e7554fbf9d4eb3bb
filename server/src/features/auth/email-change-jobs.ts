/** Jobs around a changed address: the questions to both mailboxes, and the notice to the one that was. */
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { defineJob } from '../../platform/jobs/define.ts'
import { type User, findUserByEmail, getUser } from '../users/index.ts'
import {
  addressInUse,
  confirmNewAddress,
  confirmOldAddress,
  emailChanged,
} from './email-change-mails.ts'
import { type Side, changeMinutes, changeTokenOf, findOpenChange } from './email-change-proofs.ts'
import { mailPolicy, renderingFor, sendMail } from './mail-sending.ts'
import { type EmailChange, emailChanges } from './tables.ts'

/** To one address that somebody typed in, from all accounts together. */
const maxMailsPerHour = 5

export const askOldAddress = defineJob(
  'auth.ask_old_address',
  mailPolicy,
  async (ctx, { changeId }: { changeId: string }) => {
    const change = await findOpenChange(ctx, changeId)
    if (!change) return
    const user = await getUser(ctx, change.userId)
    const mail = confirmOldAddress.render(
      {
        name: user.name,
        newEmail: change.newEmail,
        link: linkOf(ctx, user, changeId, 'old'),
        expiresMinutes: changeMinutes,
      },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, change.oldEmail, mail, `auth.ask_old_address:${changeId}`)
  },
)

/** An address that is somebody's account already is not asked; its owner is told. */
export const askNewAddress = defineJob(
  'auth.ask_new_address',
  mailPolicy,
  async (ctx, { changeId }: { changeId: string }) => {
    const change = await findOpenChange(ctx, changeId)
    if (!change || (await countEarlier(ctx, change)) >= maxMailsPerHour) return
    const owner = await findUserByEmail(ctx, change.newEmail)
    if (owner && owner.emailVerifiedAt !== null) {
      if (owner.status !== 'active') return
      const notice = addressInUse.render({ name: owner.name }, renderingFor(ctx, owner.locale))
      return sendMail(ctx, owner.email, notice, `auth.address_in_use:${changeId}`)
    }
    const user = await getUser(ctx, change.userId)
    const mail = confirmNewAddress.render(
      { link: linkOf(ctx, user, changeId, 'new'), expiresMinutes: changeMinutes },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, change.newEmail, mail, `auth.ask_new_address:${changeId}`)
  },
)

export const sendEmailChanged = defineJob(
  'auth.send_email_changed',
  mailPolicy,
  async (ctx, { changeId }: { changeId: string }) => {
    const [change] = await ctx.db.select().from(emailChanges).where(eq(emailChanges.id, changeId))
    if (!change?.endedAt) return
    const user = await getUser(ctx, change.userId)
    const { newEmail, endedAt } = change
    const mail = emailChanged.render(
      { name: user.name, newEmail, at: endedAt.toISOString() },
      renderingFor(ctx, user.locale),
    )
    await sendMail(ctx, change.oldEmail, mail, `auth.send_email_changed:${changeId}`)
  },
)

const linkOf = (ctx: Ctx, { locale }: User, id: string, side: Side) =>
  `${pageAddress(ctx.settings.publicUrl, '/change-email', locale)}#token=${changeTokenOf(ctx, id, side)}`

/** Ids grow with time, in all their digits; a time read from the database has lost some. */
function countEarlier(ctx: Ctx, { newEmail, id }: EmailChange): Promise<number> {
  return ctx.db.$count(
    emailChanges,
    and(
      eq(emailChanges.newEmail, newEmail),
      gt(emailChanges.createdAt, sql`now() - interval '1 hour'`),
      lt(emailChanges.id, id),
    ),
  )
}
