/**
 * Lock-out: how often the password of an account may be wrong in a row, from wherever. A device that its user has
 * signed in from before is counted for itself, so that nobody can lock the owner out of it; a reset by mail always
 * helps. Names that nobody has are counted and lock just the same: the answer tells nobody anything.
 */
import { createHmac } from 'node:crypto'
import { type SQLWrapper, eq, inArray, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import type { ReadDb } from '../../platform/db/index.ts'
import { one } from '../../platform/db/one.ts'
import { statement } from '../../platform/db/prepared.ts'
import { deriveKey } from '../../platform/secrets.ts'
import { knownDevices, signInFailures } from './tables.ts'

/** Wrong passwords in a row that cost nothing; each further one doubles the wait. */
const freeFailures = 10
const firstWaitSeconds = 60
const longestWaitSeconds = 60 * 60
/** NIST SP 800-63B-4, section 3.2.2: no more than this many in a row. Then only a reset or a known device helps. */
const maxFailures = 100

/** Who is counted: a user, one of their devices, or a name that nobody has. */
export type Counted = { readonly subject: string }

/** For a name that nobody has. People type passwords into the wrong field: what they typed is not kept. */
export function subjectOfName(ctx: ReadCtx, login: string): string {
  const key = deriveKey(ctx.settings.secretKey, 'sign-in-failures')
  const name = createHmac('sha256', key).update(login.trim().toLowerCase()).digest('base64url')
  return `login:${name}`
}

/** A known device of the user stands for itself; everything else that knows the account counts together. */
export const subjectOf = (found: { deviceId: SQLWrapper; userId: SQLWrapper; name: SQLWrapper }) =>
  sql<string>`coalesce('device:' || ${found.deviceId}, 'user:' || ${found.userId}, ${found.name})`

/** Whether there have been too many for now. */
export const isLocked = sql<boolean>`coalesce(${signInFailures.lockedUntil} > clock_timestamp(), false)`

/** Without a wrong password in a row, with some, or with too many for now. */
export async function findStanding(
  ctx: ReadCtx,
  { subject }: Counted,
): Promise<'clean' | 'failing' | 'locked'> {
  const [row] = await standingOf(ctx.db, { subject })
  if (!row) return 'clean'
  return row.isLocked ? 'locked' : 'failing'
}

/** Wrong passwords in a row at an account, from devices that nobody knows; null while there are none. */
export async function findLock(
  { db }: ReadCtx,
  userId: string,
): Promise<{ failures: number; lockedUntil: Date | null } | null> {
  const { failures, lockedUntil } = signInFailures
  const [found] = await db
    .select({
      failures,
      lockedUntil: sql`case when ${isLocked} then ${lockedUntil} end`.mapWith(lockedUntil),
    })
    .from(signInFailures)
    .where(eq(signInFailures.subject, `user:${userId}`))
  return found ?? null
}

/**
 * Counts a wrong password, in one statement: of many at once none is missed. Tries while it is locked do not count, or
 * whoever keeps trying would keep it locked for ever. True when it is locked now.
 */
export async function countFailure(tx: TxCtx, { subject }: Counted): Promise<boolean> {
  const { failures: before, lockedUntil } = signInFailures
  const wait = sql`least(${longestWaitSeconds}, ${firstWaitSeconds} * power(2, least(${before} + 1 - ${freeFailures}, 16)))`
  const counted = one(
    await tx.db
      .insert(signInFailures)
      .values({ subject, failures: 1 })
      .onConflictDoUpdate({
        target: signInFailures.subject,
        set: {
          failures: sql`case when ${lockedUntil} > clock_timestamp() then ${before} else ${before} + 1 end`,
          lockedUntil: sql`case
            when ${lockedUntil} > clock_timestamp() then ${lockedUntil}
            when ${before} + 1 >= ${maxFailures} then 'infinity'::timestamptz
            when ${before} + 1 >= ${freeFailures} then clock_timestamp() + make_interval(secs => ${wait})
          end`,
          lastAt: sql`clock_timestamp()`,
        },
      })
      .returning({ isLocked }),
  )
  return counted.isLocked
}

/** The right password was given, by who counts as this: the row in a row is over. */
export async function forgetFailures(tx: TxCtx, { subject }: Counted): Promise<void> {
  await tx.db.delete(signInFailures).where(eq(signInFailures.subject, subject))
}

/** The account has a new password: guesses at the old one count no more, from any device. */
export async function forgetAllFailures(tx: TxCtx, userId: string): Promise<void> {
  const devices = tx.db
    .select({ subject: sql<string>`'device:' || ${knownDevices.id}` })
    .from(knownDevices)
    .where(eq(knownDevices.userId, userId))
  await tx.db.delete(signInFailures).where(eq(signInFailures.subject, `user:${userId}`))
  await tx.db.delete(signInFailures).where(inArray(signInFailures.subject, devices))
}

const standingOf = statement<{ subject: string }>()((db: ReadDb, given) =>
  db
    .select({ isLocked })
    .from(signInFailures)
    .where(eq(signInFailures.subject, given('subject'))),
)
