/** What the invitations room knows of a person, and how it forgets them. */
import { eq, inArray, or } from 'drizzle-orm'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { invitationMails, invitations } from './tables.ts'

export const personalData: PersonalData = {
  room: 'invitations',
  tables: ['invitations_invitations', 'invitations_mails'],
  collect: ({ db }, { id, email }) => [
    {
      name: 'invitations-received',
      rows: rowsOf(() =>
        db
          .select({
            role: invitations.role,
            name: invitations.name,
            message: invitations.message,
            status: invitations.status,
            createdAt: invitations.createdAt,
            endedAt: invitations.endedAt,
          })
          .from(invitations)
          .where(or(eq(invitations.email, email), eq(invitations.acceptedBy, id))),
      ),
    },
    {
      // Whom it went to is somebody else's.
      name: 'invitations-sent',
      rows: rowsOf(() =>
        db
          .select({
            role: invitations.role,
            message: invitations.message,
            status: invitations.status,
            createdAt: invitations.createdAt,
          })
          .from(invitations)
          .where(eq(invitations.invitedBy, id)),
      ),
    },
    {
      name: 'invitation-mails',
      rows: rowsOf(() =>
        db
          .select({ createdAt: invitationMails.createdAt })
          .from(invitationMails)
          .where(eq(invitationMails.email, email)),
      ),
    },
  ],
  /** What they sent stays, without their words: it says who answers for somebody's role. */
  erase: async (ctx, { id, email, formerEmails }) => {
    const emails = [email, ...formerEmails]
    const isTheirs = or(inArray(invitations.email, emails), eq(invitations.acceptedBy, id))
    await deleteInBatches(ctx, invitations, isTheirs)
    await deleteInBatches(ctx, invitationMails, inArray(invitationMails.email, emails))
    await ctx.tx((tx) =>
      tx.db.update(invitations).set({ message: null }).where(eq(invitations.invitedBy, id)),
    )
  },
}
