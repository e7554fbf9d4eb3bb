/** Deliveries: mails that were handed over, captured or refused, by the facts that sending left. */
import { type SQL, and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { anything, countRowsUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, idCursor, pageOf } from '../../platform/http/index.ts'
import { capturedMails, events } from '../../platform/tables.ts'
import { accounts } from '../users/index.ts'
import { errors } from './errors.ts'

export const states = ['sent', 'captured', 'refused'] as const
export type State = (typeof states)[number]

const sent = 'mail.sent'
const refused = 'mail.refused'

export type Delivery = {
  readonly id: string
  readonly state: State
  readonly userId: string | null
  /** Whom it was captured for, or the address that the account has now; null for who has no account. */
  readonly to: string | null
  readonly template: string | null
  readonly locale: string | null
  readonly subject: string | null
  /** What the mail server answered. */
  readonly answer: string | null
  readonly requestId: string
  readonly at: Date
}
export type DeliveryDetail = Delivery & {
  readonly text: string | null
  readonly html: string | null
}

export type DeliveryFilter = { readonly state?: State; readonly userId?: string }

/** Newest first. The total counts up to ten thousand and says so when there are more. */
export async function listDeliveries(
  ctx: ReadCtx,
  { limit, cursor: given, ...filter }: DeliveryFilter & { limit: number; cursor?: string },
): Promise<Page<Delivery>> {
  const matches = matching(filter)
  const after = given === undefined ? undefined : lt(events.id, idCursor.decode(given))
  const rows = await selectDeliveries(ctx, and(matches, after))
    .orderBy(desc(events.id))
    .limit(limit + 1)
  const page = pageOf(rows, limit, (last) => idCursor.encode(last.id))
  return { ...page, rows: page.rows.map((row) => shown(ctx, row)), ...(await count(ctx, matches)) }
}

/** Throws `mail.not_found` (404). */
export async function getDelivery(ctx: ReadCtx, id: string): Promise<DeliveryDetail> {
  const [row] = await selectDeliveries(ctx, and(matching({}), eq(events.id, id)))
  if (!row) throw errors.not_found()
  const { text, html } = row
  return ctx.settings.isProduction
    ? { ...shown(ctx, row), text: null, html: null }
    : { ...shown(ctx, row), text, html }
}

function matching({ state, userId }: DeliveryFilter): SQL | undefined {
  return and(
    state === undefined ? inArray(events.name, [sent, refused]) : undefined,
    state === 'refused' ? eq(events.name, refused) : undefined,
    state === 'sent' ? and(eq(events.name, sent), isNull(capturedMails.id)) : undefined,
    state === 'captured' ? and(eq(events.name, sent), isNotNull(capturedMails.id)) : undefined,
    userId === undefined ? undefined : eq(events.subjectId, userId),
  )
}

const word = (name: string) => sql<string | null>`${events.data}->>${sql.raw(`'${name}'`)}`

/** Of other facts the subject need not be an account. */
const ownerId = sql`case when ${events.name} in ('mail.sent', 'mail.refused') then ${events.subjectId}::uuid end`

function selectDeliveries({ db }: ReadCtx, which: SQL | undefined) {
  return db
    .select({
      id: events.id,
      name: events.name,
      userId: events.subjectId,
      capturedId: capturedMails.id,
      capturedFor: capturedMails.to,
      address: accounts.email,
      template: word('template'),
      locale: word('locale'),
      answer: word('providerId'),
      subject: capturedMails.subject,
      text: capturedMails.text,
      html: capturedMails.html,
      requestId: events.requestId,
      at: events.at,
    })
    .from(events)
    .leftJoin(capturedMails, eq(capturedMails.messageId, word('messageId')))
    .leftJoin(accounts, eq(accounts.id, ownerId))
    .where(which)
    .$dynamic()
}
type Row = Awaited<ReturnType<typeof selectDeliveries>>[number]

function shown(ctx: ReadCtx, row: Row): Delivery {
  const { id, userId, template, locale, answer, requestId, at } = row
  return {
    id,
    state: row.name === refused ? 'refused' : row.capturedId === null ? 'sent' : 'captured',
    userId,
    to: row.capturedFor ?? row.address,
    template,
    locale,
    subject: ctx.settings.isProduction ? null : row.subject,
    answer,
    requestId,
    at,
  }
}

const count = ({ db }: ReadCtx, matches: SQL | undefined) =>
  countRowsUpTo(
    db,
    db
      .select({ one: anything })
      .from(events)
      .leftJoin(capturedMails, eq(capturedMails.messageId, word('messageId')))
      .where(matches)
      .$dynamic(),
  )
