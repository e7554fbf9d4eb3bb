/** Accounts as far as a permission reaches that roles may give for some of them: whichever room's permission it is. */
import { type AnyColumn, type SQL, and, eq, not, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { type Attributes, type RuleShape, rowsWithin } from '../../platform/rights/index.ts'
import { errors } from './errors.ts'
import { accounts, isInStatus, statuses } from './tables.ts'

/** What conditions may ask of an account. Without fields: it is read whole. */
export const accountsShape = {
  of: 'users',
  attributes: { id: 'uuid', status: 'text', emailVerified: 'boolean', teams: 'texts' },
  fields: [],
} as const satisfies RuleShape

/** The same of a table or view that has them. */
export function attributesOf(columns: {
  readonly id: AnyColumn
  readonly status: SQL | AnyColumn
  readonly storedStatus: AnyColumn
  readonly emailVerifiedAt: AnyColumn
  readonly teams: AnyColumn
}): Attributes {
  const { id, emailVerifiedAt, teams } = columns
  const isIn = (wanted: unknown) => {
    const status = statuses.find((each) => each === wanted)
    return status === undefined ? sql`false` : isInStatus(columns, status)
  }
  return {
    id,
    status: (operator, value) => {
      const wanted = Array.isArray(value) ? value : [value]
      const isOne = sql`(${or(...wanted.map(isIn)) ?? sql`false`})`
      return operator === 'ne' || operator === 'nin' ? not(isOne) : isOne
    },
    emailVerified: sql`(${emailVerifiedAt} is not null)`,
    teams: { list: teams },
  }
}

/** Which accounts the caller reads by this permission; nothing to ask where that is all of them. */
export function accountsWithin({ actor }: ReadCtx, permission: string): SQL | undefined {
  const reach = actor.reach(permission)
  return reach.kind === 'all' ? undefined : rowsWithin(reach, attributesOf(accounts))
}

/** Throws `users.user_not_found` (404), also for somebody beyond this permission's reach, or who was erased. */
export async function requireAccount(ctx: ReadCtx, permission: string, id: string): Promise<void> {
  const found = await ctx.db.$count(
    accounts,
    and(eq(accounts.id, id), accountsWithin(ctx, permission)),
  )
  if (found === 0) throw errors.user_not_found()
}
