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
import { type Counted, isLocked, subjectOf, subjectOfName } from './sign-in-failures.ts'
import { credentials, knownDevices, signInFailures } from './tables.ts'

export type NamedAccount = Counted & {
  /** Null for a name that nobody has. */
  readonly userId: string | null
  readonly status: string | null
  readonly isVerified: boolean | null
  readonly passwordHash: string | null
  readonly isLocked: boolean
}

/** No address, so it finds nobody, and takes as long. */
const noAddress = ''

/** `login` is an address or a username; `deviceToken` is what the browser's cookie of known devices says. */
export async function findNamedAccount(
  ctx: ReadCtx,
  login: string,
  deviceToken: string | null,
): Promise<NamedAccount> {
  const given = {
    nobody: subjectOfName(ctx, login),
    tokenHash: deviceToken === null ? null : hashToken(deviceToken),
  }
  const rows = login.includes('@')
    ? await byEmail(ctx.db, { ...given, name: findCanonicalEmail(login) ?? noAddress })
    : await byUsername(ctx.db, { ...given, name: login })
  return one(rows)
}

const byEmail = named((name) => eq(logins.email, name))
const byUsername = named((name) => eq(logins.username, sql`lower(${name})`))

/** Whose password and device are looked for when there is nobody. */
const userId = sql`coalesce(${logins.userId}, '00000000-0000-0000-0000-000000000000')`

function named(isIt: (name: SQL) => SQL) {
  return statement<{ name: string; nobody: string; tokenHash: Buffer | null }>()(
    (db: ReadDb, given) => {
      const subject = subjectOf({
        deviceId: knownDevices.id,
        userId: logins.userId,
        name: given('nobody'),
      })
      return db
        .select({
          userId: logins.userId,
          status: logins.status,
          isVerified: logins.isVerified,
          passwordHash: credentials.passwordHash,
          subject,
          isLocked,
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
        )
        .leftJoin(signInFailures, eq(signInFailures.subject, subject))
    },
  )
}
