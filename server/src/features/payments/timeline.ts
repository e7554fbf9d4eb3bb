/** What happened to one payment, for those who look into it: what was asked, what was stated, what the provider told. */
import { and, asc, eq } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { events } from '../../platform/tables.ts'
import { listEventsAbout } from '../inbox/index.ts'
import { getPayment } from './payments.ts'
import { type Attempt, type Payment, attempts } from './tables.ts'

/** Of each source so many are shown; a payment with more is looked at in the audit log and the inbox. */
const most = 200

export const sources = ['attempt', 'fact', 'provider'] as const
export type Moment = {
  readonly at: Date
  readonly source: (typeof sources)[number]
  /** Of an attempt how it stands, of a fact or an event what it is called. */
  readonly name: string
  /** What the provider calls what it is about. */
  readonly ref: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** In the order in which it happened. Throws `payments.payment_not_found` (404). */
export async function getTimeline(ctx: ReadCtx, id: string): Promise<readonly Moment[]> {
  const payment = await getPayment(ctx, id)
  const made = await ctx.db
    .select()
    .from(attempts)
    .where(eq(attempts.paymentId, id))
    .orderBy(asc(attempts.number))
  const moments = [
    ...made.map(ofAttempt),
    ...(await factsOf(ctx, id)),
    ...(await toldOf(ctx, payment, made)),
  ]
  return moments.toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

const ofAttempt = (attempt: Attempt): Moment => ({
  at: attempt.createdAt,
  source: 'attempt',
  name: attempt.outcome ?? 'sent',
  ref: attempt.providerRef,
  data: {
    number: attempt.number,
    kind: attempt.kind,
    detail: attempt.detail,
    closedAt: attempt.closedAt?.toISOString() ?? null,
  },
})

async function factsOf({ db }: ReadCtx, id: string): Promise<Moment[]> {
  const facts = await db
    .select({ at: events.at, name: events.name, data: events.data, actorId: events.actorId })
    .from(events)
    .where(and(eq(events.subjectId, id), eq(events.outcome, 'succeeded')))
    .orderBy(asc(events.id))
    .limit(most)
  return facts.map(({ at, name, data, actorId }) => ({
    at,
    source: 'fact',
    name,
    ref: null,
    data: { ...(data as object), actorId },
  }))
}

async function toldOf(
  ctx: ReadCtx,
  { provider }: Payment,
  made: readonly Attempt[],
): Promise<Moment[]> {
  const objects = made.flatMap(({ kind, providerRef, collectionRef }) => [
    ...(kind === 'session' && providerRef !== null
      ? [{ provider, account: '', kind: 'checkout.session', objectId: providerRef }]
      : []),
    ...(collectionRef === null
      ? []
      : [{ provider, account: '', kind: 'payment_intent', objectId: collectionRef }]),
  ])
  const told = await listEventsAbout(ctx, objects, most)
  return told.map(({ receivedAt, type, objectId, state, occurredAt }) => ({
    at: receivedAt,
    source: 'provider',
    name: type,
    ref: objectId,
    data: { state, occurredAt: occurredAt.toISOString() },
  }))
}
