/** Everything the invitations room stores. No token is among it: one is computed from the id of the mail it is in. */
import { type SQL, getTableColumns, sql } from 'drizzle-orm'
import { check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { at, id, timestamps } from '../../platform/db/columns.ts'
import { userId } from '../users/index.ts'

export const invitations = pgTable(
  'invitations_invitations',
  {
    id: id(),
    email: text('email').notNull(),
    role: text('role').notNull(),
    /** What the inviter calls them: suggested to whoever accepts. */
    name: text('name'),
    /** A few words of the inviter's, for the mail. */
    message: text('message'),
    /** Who sent the newest mail, and answers for the role with their own rights. */
    invitedBy: userId('invited_by').notNull(),
    /** The newest mail: its token is the one that works. */
    mailId: uuid('mail_id').notNull(),
    sentAt: at('sent_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    status: text('status', { enum: ['pending', 'accepted', 'revoked', 'replaced'] })
      .notNull()
      .default('pending'),
    endedAt: at('ended_at'),
    acceptedBy: userId('accepted_by'),
    ...timestamps,
  },
  (t) => [
    uniqueIndex('invitations_invitations_mail').on(t.mailId),
    index('invitations_invitations_status').on(t.status, t.id),
    index('invitations_invitations_email').on(t.email, t.id),
    // One that waits per address: two invitations at once cannot both be open.
    uniqueIndex('invitations_invitations_waiting')
      .on(t.email)
      .where(sql`${t.status} = 'pending'`),
    // Who answers for what waits is looked up for every list.
    index('invitations_invitations_inviters')
      .on(t.invitedBy, t.role)
      .where(sql`${t.status} = 'pending'`),
    check('invitations_invitations_ended', sql`(${t.status} = 'pending') = (${t.endedAt} is null)`),
    check('invitations_invitations_email_canonical', sql`${t.email} = lower(${t.email})`),
  ],
)

export const statuses = [
  'pending',
  'accepted',
  'revoked',
  'replaced',
  'expired',
  'inviter_lost_right',
] as const
export type Status = (typeof statuses)[number]

/** What every reader of an invitation gets: one that waits too long has expired, and one that `isUnbacked` is dead. */
export const showing = (isUnbacked: SQL<boolean>) => ({
  ...getTableColumns(invitations),
  status: sql<Status>`case when ${invitations.status} <> 'pending' then ${invitations.status}
    when ${invitations.expiresAt} <= clock_timestamp() then 'expired'
    when ${isUnbacked} then 'inviter_lost_right' else 'pending' end`,
})

/** For whoever has just looked at its inviter, or does so next. */
export const shown = showing(sql`false`)
export type Invitation = Omit<typeof invitations.$inferSelect, 'status'> & {
  readonly status: Status
}

/** One row per mail: what a token names, and what counts against the next mail to the same address. */
export const invitationMails = pgTable(
  'invitations_mails',
  {
    id: id(),
    email: text('email').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('invitations_mails_email').on(t.email, t.createdAt)],
)
