/** Who reads which payments: one's own, and those that a role lets one read, be it some of them. */
import { type AnyColumn, type SQL, eq, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import {
  type Attributes,
  type Reach,
  type RuleShape,
  asksFor,
  rowsWithin,
} from '../../platform/rights/index.ts'
import { teams } from '../users/index.ts'
import { payments } from './tables.ts'

export const readAny = 'payments.read_any'

/** What rules about reading payments may ask of one. It is read whole: amounts without their currency say nothing. */
export const readAnyShape = {
  of: 'payments',
  attributes: {
    userId: 'uuid',
    state: 'text',
    currency: 'text',
    provider: 'text',
    /** Of whoever pays. */
    teams: 'texts',
  },
  fields: [],
} as const satisfies RuleShape

const attributes = {
  userId: payments.userId,
  state: payments.state,
  currency: payments.asset,
  provider: payments.provider,
} satisfies Attributes

/** True of payments that a role lets the reader see. */
export const readWithin = ({ actor }: ReadCtx): SQL => isRead(actor.reach(readAny))

/** What the reader may see of payments; nothing to ask where that is all of them. Only people have some of their own. */
export function visibleTo({ actor }: ReadCtx): SQL | undefined {
  const reach = actor.reach(readAny)
  const ownId = actor.kind === 'user' ? actor.id : null
  return reach.kind === 'all' ? undefined : isRead(reach, ownId)
}

/**
 * By the payer's teams all of it is asked of the payer, whose own payments included: only so the database may begin with the
 * few people of a team, or with the newest payments, whichever is less.
 */
function isRead(reach: Reach, ownId: string | null = null): SQL {
  if (!asksFor(reach, 'teams')) return within(reach, attributes, ownId)
  const ofPayer = { ...attributes, userId: teams.userId, teams: { list: teams.teams } }
  return sql`exists (select 1 from ${teams} where ${teams.userId} = ${payments.userId} and ${within(reach, ofPayer, ownId)})`
}

function within(
  reach: Reach,
  of: Attributes & { readonly userId: AnyColumn },
  ownId: string | null,
): SQL {
  const rows = rowsWithin(reach, of)
  return ownId === null ? rows : sql`(${eq(of.userId, ownId)} or ${rows})`
}
