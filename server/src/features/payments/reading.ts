/** Who reads which payments: one's own, and those that a role lets one read, be it some of them. */
import { type SQL, eq, or } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Attributes, type RuleShape, rowsWithin } from '../../platform/rights/index.ts'
import { payments } from './tables.ts'

export const readAny = 'payments.read_any'

/** What rules about reading payments may ask of one. It is read whole: amounts without their currency say nothing. */
export const readAnyShape = {
  attributes: { userId: 'uuid', state: 'text', currency: 'text', provider: 'text' },
  fields: [],
} as const satisfies RuleShape

const attributes: Attributes = {
  userId: payments.userId,
  state: payments.state,
  currency: payments.asset,
  provider: payments.provider,
}

/** True of payments that a role lets the reader see. */
export const readWithin = ({ actor }: ReadCtx): SQL => rowsWithin(actor.reach(readAny), attributes)

/** What the reader may see of payments; nothing to ask where that is all of them. */
export function visibleTo(ctx: ReadCtx): SQL | undefined {
  const own = eq(payments.userId, ctx.actor.id ?? '')
  const { kind } = ctx.actor.reach(readAny)
  if (kind === 'all') return undefined
  return kind === 'none' ? own : or(own, readWithin(ctx))
}
