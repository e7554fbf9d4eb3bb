/**
 * Named accounts: whom a sign-in names, with all that is asked of them before their password is looked at. One statement,
 * which does as much for a name that nobody has.
 */
import { type SQL, and, eq, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { hashToken } from '../../platform/secrets.ts'
import { findCanonicalEmail, logins } from '../users/index.ts'
import { isRemembered } from './known-devices.ts'
import { credentials, knownDevices } from './tables.ts'

export type NamedAccount = {
  /** Null for a name that nobody has. */
  readonly userId: string | null
  readonly status: string | null
  readonly isVerified: boolean | null
  readonly passwordHash: string | null
  /** The browser that asks, if this user has signed in from it before. */
  readonly deviceId: string | null
}

/** No address, so it finds nobody, and takes as long. */
const noAddress = ''

/** `login` is an address or a username; `deviceToken` is what the browser's cookie of known devices says. */
export async function findNamedAccount(
  ctx: ReadCtx,
  login: string,
  deviceToken: string | null,
): Promise<NamedAccount> {
  const tokenHash = deviceToken === null ? null : hashToken(deviceToken)
  const rows = login.includes('@')
    ? await byEmail(ctx.db, { name: findCanonicalEmail(login) ?? noAddress, tokenHash })
    : await byUsername(ctx.db, { name: login, tokenHash })
  return one(rows)
}

const byEmail = named((name) => eq(logins.email, name))
const byUsername = named((name) => eq(logins.username, sql`lower(${name})`))

/** Whose password and device are looked for when there is nobody. */
const userId = sql`coalesce(${logins.userId}, '00000000-0000-0000-0000-000000000000')`

function named(isIt: (name: SQL) => SQL) {
  return statement<{ name: string; tokenHash: Buffer | null }>()((db: ReadDb, given) =>
    db
      .select({
        userId: logins.userId,
        status: logins.status,
        isVerified: logins.isVerified,
        passwordHash: credentials.passwordHash,
        deviceId: knownDevices.id,
      })
      .from(sql`(select) request`)
      .leftJoin(logins, isIt(sql`${given('name')}`))
      .leftJoin(credentials, eq(credentials.userId, userId))
      .leftJoin(
        knownDevices,
        and(
          eq(knownDevices.userId, userId),
          eq(knownDevices.tokenHash, given('tokenHash')),
          isRemembered,
        ),
      ),
  )
}
