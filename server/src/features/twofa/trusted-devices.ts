/** Trusted devices: browsers that skip the second step for a while, because their user passed it there and said so. */
import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { one } from '../../platform/db/one.ts'
import { deriveKey, rowOfToken, tokenOfRow } from '../../platform/secrets.ts'
import { errors } from './errors.ts'
import { deviceTrusted, deviceTrustEnded } from './events.ts'
import { type Factor, type TrustedDevice, trustedDevices } from './tables.ts'

export const trustDays = 30
const label = 'ash_t_'
/** A user agent says what it likes; this much of it is kept. */
const maxUserAgentLength = 400
const maxListed = 100

export async function listTrustedDevices(ctx: ReadCtx, userId: string): Promise<TrustedDevice[]> {
  return ctx.db
    .select()
    .from(trustedDevices)
    .where(and(eq(trustedDevices.userId, userId), isOpen()))
    .orderBy(desc(trustedDevices.id))
    .limit(maxListed)
}

export async function countTrustedDevices(ctx: ReadCtx, userId: string): Promise<number> {
  return ctx.db.$count(trustedDevices, and(eq(trustedDevices.userId, userId), isOpen()))
}

/** Trusts a device; returns what its cookie holds. Computed from the row's id: nothing that opens a door is stored. */
export async function trustDevice(
  tx: TxCtx,
  factor: Factor,
  userAgent: string | null,
): Promise<string> {
  const { id } = one(
    await tx.db
      .insert(trustedDevices)
      .values({
        userId: factor.userId,
        factorId: factor.id,
        userAgent: userAgent?.slice(0, maxUserAgentLength) ?? null,
        expiresAt: sql`now() + make_interval(days => ${trustDays})`,
      })
      .returning({ id: trustedDevices.id }),
  )
  await tx.record(deviceTrusted, factor.userId, { deviceId: id })
  return label + tokenOfRow(keyOf(tx), id)
}

/** Whether this is the cookie of a device that the user trusts, for this very enrolment. */
export async function isTrusted(tx: TxCtx, factor: Factor, token: string | null): Promise<boolean> {
  const id = token?.startsWith(label) ? rowOfToken(keyOf(tx), token.slice(label.length)) : null
  if (id === null) return false
  const used = await tx.db
    .update(trustedDevices)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(trustedDevices.id, id),
        eq(trustedDevices.userId, factor.userId),
        eq(trustedDevices.factorId, factor.id),
        isOpen(),
      ),
    )
    .returning({ id: trustedDevices.id })
  return used.length === 1
}

/** Ends the trust of one of the caller's devices. Another's device does not exist. */
export async function distrustDevice(tx: TxCtx, id: string): Promise<void> {
  const ended = await tx.db
    .delete(trustedDevices)
    .where(and(eq(trustedDevices.id, id), isOwn(tx)))
    .returning({ id: trustedDevices.id })
  if (ended.length === 0) throw errors.trusted_device_not_found()
  await tx.record(deviceTrustEnded, tx.actor.id, { count: 1 })
}

/** Ends the trust of all of a user's devices. */
export async function endTrust(tx: TxCtx, userId: string): Promise<void> {
  const ended = await tx.db
    .delete(trustedDevices)
    .where(eq(trustedDevices.userId, userId))
    .returning({ id: trustedDevices.id })
  if (ended.length > 0) await tx.record(deviceTrustEnded, userId, { count: ended.length })
}

const isOwn = (ctx: ReadCtx) => eq(trustedDevices.userId, ctx.actor.id ?? '')
const isOpen = () => gt(trustedDevices.expiresAt, sql`clock_timestamp()`)
const keyOf = (ctx: ReadCtx) => deriveKey(ctx.settings.secretKey, 'trusted-device')
