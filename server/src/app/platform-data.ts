/** What the platform's own tables know of a person, and how they forget them. Facts stay: they hold ids only. */
import { type SQL, and, eq, gt, inArray, isNotNull, isNull, like, ne, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../platform/context.ts'
import { deleteInBatches } from '../platform/db/batches.ts'
import { forgetPerson } from '../platform/events/forgetting.ts'
import { type Part, type PersonalData, inPages, rowsOf } from '../platform/personal-data.ts'
import { capturedMails, eventDetails, events, idempotencyKeys } from '../platform/tables.ts'

export const platformData: PersonalData = {
  room: 'platform',
  tables: ['platform_event_details', 'platform_captured_mails', 'platform_idempotency_keys'],
  collect: (ctx, { id, email }) => [
    factsOf(ctx, id, 'done-by-you', eq(events.actorId, id)),
    factsOf(
      ctx,
      id,
      'done-to-you',
      and(eq(events.subjectId, id), or(isNull(events.actorId), ne(events.actorId, id))),
    ),
    factsOf(ctx, id, 'done-for-you', and(isNotNull(events.onBehalfOf), eq(events.onBehalfOf, id))),
    {
      name: 'captured-mails',
      rows: rowsOf(() =>
        ctx.db
          .select({ to: capturedMails.to, subject: capturedMails.subject, at: capturedMails.at })
          .from(capturedMails)
          .where(eq(capturedMails.to, email)),
      ),
    },
    {
      name: 'retried-requests',
      rows: rowsOf(() =>
        ctx.db
          .select({ route: idempotencyKeys.route, createdAt: idempotencyKeys.createdAt })
          .from(idempotencyKeys)
          .where(isPrincipal(id)),
      ),
    },
  ],
  erase: async (ctx, { id, email, formerEmails }) => {
    await forgetPerson(ctx, id)
    await deleteInBatches(ctx, capturedMails, inArray(capturedMails.to, [email, ...formerEmails]))
    await deleteInBatches(ctx, idempotencyKeys, isPrincipal(id))
  },
}

/**
 * Who else acted is said by kind alone; from where, and what was there before, only when it was the person's: the rest
 * is somebody else's.
 */
function factsOf({ db }: ReadCtx, id: string, name: string, which: SQL | undefined): Part {
  const page = (after: string | null, limit: number) =>
    db
      .select({
        id: events.id,
        at: events.at,
        name: events.name,
        outcome: events.outcome,
        actorKind: events.actorKind,
        subjectId: events.subjectId,
        data: events.data,
        requestId: events.requestId,
        ip: sql<string | null>`case when ${eventDetails.about} = ${id} then ${eventDetails.ip} end`,
        personal: sql<unknown>`case when ${eventDetails.personalOf} = ${id} then ${eventDetails.personal} end`,
      })
      .from(events)
      .leftJoin(eventDetails, eq(eventDetails.eventId, events.id))
      .where(and(which, after === null ? undefined : gt(events.id, after)))
      .orderBy(events.id)
      .limit(limit)
  return { name, rows: inPages(page, (row) => row.id) }
}

/** Kept answers are named after who asked, and in whose name. */
const isPrincipal = (id: string) => like(idempotencyKeys.principal, `user:${id}:%`)
