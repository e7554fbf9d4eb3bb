/** Invitations as a part of one id's story: found by their own id, or by the address of who has no account yet. */
import { and, desc, eq, inArray } from 'drizzle-orm'
import { isUuid } from '../../platform/ids.ts'
import { events } from '../../platform/tables.ts'
import type { TraceSource } from '../../platform/trace-source.ts'
import { invitationResent, invited } from './events.ts'
import { invitations } from './tables.ts'

/** Of one address, and of mails about them; nobody reads more. */
const most = 50

export const tracedInvitations: TraceSource = {
  kind: 'invitation',
  permission: 'invitations.manage',
  find: async ({ db }, ids) => {
    const found = await db
      .select({ id: invitations.id })
      .from(invitations)
      .where(inArray(invitations.id, ids.filter(isUuid)))
    const related = found.map(({ id }) => id)
    const wanted = await db
      .select({ requestId: events.requestId })
      .from(events)
      .where(
        and(
          inArray(events.subjectId, related),
          inArray(events.name, [invited.name, invitationResent.name]),
        ),
      )
      .orderBy(desc(events.id))
      .limit(most)
    return { moments: [], related, mailedIn: wanted.map(({ requestId }) => requestId) }
  },
  findByAddress: async ({ db }, email) => {
    const found = await db
      .select({ id: invitations.id })
      .from(invitations)
      .where(eq(invitations.email, email))
      .orderBy(desc(invitations.id))
      .limit(most)
    return found.map(({ id }) => id)
  },
}
