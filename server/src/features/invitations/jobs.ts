/** Jobs of the invitations room: the mail with the link, and the removal of what is long over. */
import { lt, or, sql } from 'drizzle-orm'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { pageAddress } from '../../platform/http/languages.ts'
import { mailPolicy, renderingFor, sendMail } from '../auth/index.ts'
import { findUserByEmail, getUser } from '../users/index.ts'
import { isBacked } from './inviters.ts'
import { invitation } from './mails.ts'
import { invitationMails, invitations } from './tables.ts'
import { findOpen, tokenOf } from './tokens.ts'

const minuteSeconds = 60

export const sendInvitation = defineJob(
  'invitations.send_invitation',
  mailPolicy,
  async (ctx, { mailId }: { mailId: string }) => {
    const open = await findOpen(ctx, mailId)
    // Accepted, revoked, replaced or sent anew meanwhile: the link would lead nowhere.
    if (!open) return
    const inviter = await getUser(ctx, open.invitedBy)
    if (!(await isBacked(ctx, open, inviter))) return
    const account = await findUserByEmail(ctx, open.email)
    // Suspended or deleted: the link would be dead.
    if (account && account.status !== 'active') return
    const isKnown = account !== null && account.emailVerifiedAt !== null
    // Nobody knows the language of somebody without an account; whoever invites them speaks it, as a rule.
    const { locale } = isKnown ? account : inviter
    const mail = invitation.render(
      {
        name: isKnown ? account.name : open.name,
        inviter: inviter.name,
        role: open.role,
        message: open.message,
        link: `${pageAddress(ctx.settings.publicUrl, '/accept-invitation', locale)}#token=${tokenOf(ctx, mailId)}`,
        expiresMinutes: Math.round(ctx.settings.invitationExpiry / minuteSeconds),
      },
      renderingFor(ctx, locale),
    )
    await sendMail(ctx, open.email, mail, `invitations.send_invitation:${mailId}`)
  },
)

/** Nobody needs to know for ever whose address was invited to what; the facts stay. */
export const forgetInvitations = defineJob(
  'invitations.forget_invitations',
  { cron: '35 3 * * *', queue: 'maintenance', attempts: 2, timeoutSeconds: 120 },
  async (ctx, _tick: Tick) => {
    await deleteInBatches(
      ctx,
      invitationMails,
      lt(invitationMails.createdAt, sql`now() - interval '1 day'`),
    )
    const longAgo = sql`now() - interval '90 days'`
    await deleteInBatches(
      ctx,
      invitations,
      or(lt(invitations.endedAt, longAgo), lt(invitations.expiresAt, longAgo)),
    )
  },
)
