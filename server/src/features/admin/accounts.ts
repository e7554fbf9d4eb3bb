/** Accounts as administrators see them: found, and looked at one by one. */
import { type SQL, and, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { type Page, sortingOf } from '../../platform/http/index.ts'
import { holders, subjects } from '../access/index.ts'
import { countPasskeys, countSessions, findLock } from '../auth/index.ts'
import { findSecondFactor } from '../twofa/index.ts'
import {
  type AccountRow,
  accounts,
  accountsWithin,
  isInStatus,
  requireAccount,
  usersErrors,
} from '../users/index.ts'
import { listInterventions } from './interventions.ts'
import type { Intervention } from './tables.ts'

/** Roles may give it for some accounts: the others are not there. */
const readUsers = 'admin.read_users'

export type AccountFilter = {
  readonly search?: string
  readonly status?: AccountRow['status']
  readonly role?: string
  readonly verified?: boolean
}

export type Account = AccountRow & { readonly roles: readonly string[] }

export type AccountDetail = Account & {
  readonly factors: {
    readonly authenticatorSince: Date | null
    readonly backupCodesLeft: number
    readonly trustedDevices: number
    readonly passkeys: number
  }
  readonly sessions: number
  /** Wrong passwords in a row; null while there are none. */
  readonly signInLock: { readonly failures: number; readonly lockedUntil: Date | null } | null
  /** What was done to it, newest first. */
  readonly interventions: readonly Intervention[]
}

export const sorting = sortingOf<AccountRow>()(
  accounts.id,
  {
    createdAt: [],
    email: [{ of: accounts.email, value: ({ email }) => email }],
    // Who has no name comes before everybody who has one.
    name: [
      {
        of: sql`lower(coalesce(${accounts.name}, ''))`,
        value: ({ name }) => name ?? '',
        ofValue: (name) => sql`lower(${name})`,
      },
    ],
  },
  '-createdAt',
)

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws `users.user_not_found` (404), also for an account that the caller may not read. */
export const requireReadable = (ctx: ReadCtx, id: string) => requireAccount(ctx, readUsers, id)

/** Accounts of people who were not erased, as far as the caller may read them, newest first unless told otherwise. `search`: the start of an address or a name, or an id. */
export async function listAccounts(
  ctx: ReadCtx,
  filter: AccountFilter & Parameters<typeof sorting.by>[0],
): Promise<Page<Account>> {
  const matches = narrowedBy(ctx, filter)
  const order = sorting.by(filter)
  const rows = await ctx.db
    .select()
    .from(accounts)
    .where(and(matches, order.after))
    .orderBy(...order.orderBy)
    .limit(order.limit)
  const page = order.page(rows)
  return {
    ...page,
    rows: await withRoles(ctx, page.rows),
    ...(await countUpTo(ctx.db, accounts, matches)),
  }
}

/** Throws what `requireReadable` does. */
export async function getAccount(ctx: ReadCtx, id: string): Promise<AccountDetail> {
  const [account] = await withRoles(
    ctx,
    await ctx.db
      .select()
      .from(accounts)
      .where(and(eq(accounts.id, id), accountsWithin(ctx, readUsers))),
  )
  if (!account) throw usersErrors.user_not_found()
  const factor = await findSecondFactor(ctx, id)
  return {
    ...account,
    factors: {
      authenticatorSince: factor?.enabledAt ?? null,
      backupCodesLeft: factor?.backupCodesLeft ?? 0,
      trustedDevices: factor?.trustedDevices ?? 0,
      passkeys: await countPasskeys(ctx, id),
    },
    sessions: await countSessions(ctx, id),
    signInLock: await findLock(ctx, id),
    interventions: await listInterventions(ctx, id),
  }
}

function narrowedBy(ctx: ReadCtx, filter: AccountFilter): SQL | undefined {
  const { search, status, role, verified } = filter
  return and(
    accountsWithin(ctx, readUsers),
    search === undefined ? undefined : isFound(search),
    status === undefined ? undefined : isInStatus(accounts, status),
    role === undefined
      ? undefined
      : inArray(
          accounts.id,
          ctx.db.select({ id: holders.userId }).from(holders).where(eq(holders.role, role)),
        ),
    verified === undefined
      ? undefined
      : verified
        ? isNotNull(accounts.emailVerifiedAt)
        : isNull(accounts.emailVerifiedAt),
  )
}

/** As the indexes of the users room have it: beginnings, in lower case. */
function isFound(search: string): SQL | undefined {
  const start = `${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return or(
    sql`lower(${accounts.name}) like ${start}`,
    sql`lower(${accounts.username}) like ${start}`,
    sql`${accounts.email} like ${start}`,
    uuidPattern.test(search) ? eq(accounts.id, search) : undefined,
  )
}

async function withRoles(ctx: ReadCtx, rows: readonly AccountRow[]): Promise<Account[]> {
  const ids = rows.map(({ id }) => id)
  const found = await ctx.db
    .select({ userId: subjects.userId, roles: subjects.roles })
    .from(subjects)
    .where(inArray(subjects.userId, ids))
  const rolesOf = new Map(found.map(({ userId, roles }) => [userId, roles]))
  return rows.map((row) => ({ ...row, roles: rolesOf.get(row.id) ?? [] }))
}
