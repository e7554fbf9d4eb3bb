/** Invitations, as those have them who invite: made, sent again, revoked. */
import { type SQL, and, eq, gt, lte, not, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { countUpTo } from '../../platform/db/count-up-to.ts'
import { one } from '../../platform/db/one.ts'
import { type Page, sortingOf } from '../../platform/http/index.ts'
import { canonicalEmail } from '../users/index.ts'
import { errors } from './errors.ts'
import { invitationResent, invitationRevoked, invited } from './events.ts'
import { findUnbacked, requireInviter, requireWithin } from './inviters.ts'
import { sendInvitation } from './jobs.ts'
import {
  type Invitation,
  type Status,
  invitationMails,
  invitations,
  showing,
  shown,
} from './tables.ts'

/** To one address, whoever invites it. */
const maxMailsPerHour = 5
const hourSeconds = 3600
/** The first half of the advisory locks on addresses; any number that no other lock uses. */
const lockSpace = 47_073

export type InvitationInput = {
  readonly email: string
  readonly role: string
  readonly name?: string | undefined
  readonly message?: string | undefined
}

export async function getInvitation(ctx: ReadCtx, id: string): Promise<Invitation> {
  const [found] = await ctx.db
    .select(showing(await findUnbacked(ctx)))
    .from(invitations)
    .where(eq(invitations.id, id))
  if (!found) throw errors.invitation_not_found()
  return found
}

export const sorting = sortingOf<Invitation>()(
  invitations.id,
  {
    createdAt: [],
    email: [{ of: invitations.email, value: ({ email }) => email }],
  },
  '-createdAt',
)

/** Invitations, newest first unless told otherwise. */
export async function listInvitations(
  ctx: ReadCtx,
  filter: { status?: Status; withTotal: boolean } & Parameters<typeof sorting.by>[0],
): Promise<Page<Invitation>> {
  const order = sorting.by(filter)
  const isUnbacked = await findUnbacked(ctx)
  const matches = filter.status === undefined ? undefined : isInStatus(filter.status, isUnbacked)
  const rows = await ctx.db
    .select(showing(isUnbacked))
    .from(invitations)
    .where(and(matches, order.after))
    .orderBy(...order.orderBy)
    .limit(order.limit)
  const page = order.page(rows)
  return filter.withTotal ? { ...page, ...(await countUpTo(ctx.db, invitations, matches)) } : page
}

/**
 * Invites somebody to a role and mails the link. An older invitation of the same address is replaced, unless it is to
 * more than the caller may give. Throws what `requireInviter` does, `users.invalid_email` (422) and `invitations.too_many_mails` (429).
 */
export async function invite(tx: TxCtx, input: InvitationInput): Promise<Invitation> {
  const email = canonicalEmail(input.email)
  const { role, name = null, message = null } = input
  const inviter = await requireInviter(tx, { role, email })
  await lockAddress(tx, email)
  const mailId = await startMail(tx, email)
  await replaceWaiting(tx, email)
  const made = one(
    await tx.db
      .insert(invitations)
      .values({
        email,
        role,
        name,
        message,
        invitedBy: inviter.id,
        mailId,
        expiresAt: expiryOf(tx),
      })
      .returning(shown),
  )
  await tx.record(invited, made.id, { role })
  await tx.enqueue(sendInvitation, { mailId })
  return made
}

/**
 * Mails a new link; the older one is dead. The role stays, and from now on the caller answers for it with their own
 * rights. Throws what `invite` does, `invitations.invitation_not_found` (404) and `invitations.not_waiting` (409).
 */
export async function resend(tx: TxCtx, id: string): Promise<Invitation> {
  const { email, role } = await getInvitation(tx, id)
  const inviter = await requireInviter(tx, { id, role, email })
  await lockAddress(tx, email)
  const mailId = await startMail(tx, email)
  const [resent] = await tx.db
    .update(invitations)
    .set({
      mailId,
      invitedBy: inviter.id,
      sentAt: sql`now()`,
      expiresAt: expiryOf(tx),
      updatedAt: tx.now,
    })
    .where(isWaiting(id))
    .returning(shown)
  if (!resent) throw errors.not_waiting()
  await tx.record(invitationResent, id, { role })
  await tx.enqueue(sendInvitation, { mailId })
  return resent
}

/**
 * Takes an invitation back. Throws `invitations.not_waiting` (409) when it was accepted, or has ended before, and
 * `access.role_above_own` (403).
 */
export async function revoke(tx: TxCtx, id: string): Promise<void> {
  const { email } = await getInvitation(tx, id)
  await lockAddress(tx, email)
  await requireWithin(tx, await getInvitation(tx, id))
  const revoked = await tx.db
    .update(invitations)
    .set({ status: 'revoked', endedAt: sql`clock_timestamp()`, updatedAt: tx.now })
    .where(isWaiting(id))
    .returning({ id: invitations.id })
  if (revoked.length === 0) throw errors.not_waiting()
  await tx.record(invitationRevoked, id, { reason: 'revoked' })
}

async function replaceWaiting(tx: TxCtx, email: string): Promise<void> {
  const isReplaced = and(eq(invitations.email, email), eq(invitations.status, 'pending'))
  const [waiting] = await tx.db
    .select(showing(await findUnbacked(tx)))
    .from(invitations)
    .where(isReplaced)
  if (waiting) await requireWithin(tx, waiting)
  const replaced = await tx.db
    .update(invitations)
    .set({ status: 'replaced', endedAt: sql`clock_timestamp()`, updatedAt: tx.now })
    .where(isReplaced)
    .returning({ id: invitations.id })
  for (const { id } of replaced) await tx.record(invitationRevoked, id, { reason: 'replaced' })
}

/** One after the other: what is counted and replaced for an address stays so until the transaction ends. */
async function lockAddress(tx: TxCtx, email: string): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(${lockSpace}, hashtext(${email}))`)
}

/** The next mail to an address, unless it has had enough of them. */
async function startMail(tx: TxCtx, email: string): Promise<string> {
  const { sent, oldestSeconds } = one(
    await tx.db
      .select({
        sent: sql`count(*)`.mapWith(Number),
        oldestSeconds:
          sql`coalesce(extract(epoch from now() - min(${invitationMails.createdAt})), 0)`.mapWith(
            Number,
          ),
      })
      .from(invitationMails)
      .where(
        and(
          eq(invitationMails.email, email),
          gt(invitationMails.createdAt, sql`now() - make_interval(secs => ${hourSeconds})`),
        ),
      ),
  )
  if (sent >= maxMailsPerHour)
    throw errors.too_many_mails({
      retryAfterSeconds: Math.max(1, Math.ceil(hourSeconds - oldestSeconds)),
    })
  const { id } = one(
    await tx.db.insert(invitationMails).values({ email }).returning({ id: invitationMails.id }),
  )
  return id
}

/** Expired ones wait too: a new mail brings them back. */
const isWaiting = (id: string) => and(eq(invitations.id, id), eq(invitations.status, 'pending'))

function isInStatus(status: Status, isUnbacked: SQL<boolean>) {
  const now = sql`clock_timestamp()`
  const isOpen = eq(invitations.status, 'pending')
  switch (status) {
    case 'pending':
      return and(isOpen, gt(invitations.expiresAt, now), not(isUnbacked))
    case 'inviter_lost_right':
      return and(isOpen, gt(invitations.expiresAt, now), isUnbacked)
    case 'expired':
      return and(isOpen, lte(invitations.expiresAt, now))
    case 'accepted':
    case 'revoked':
    case 'replaced':
      return eq(invitations.status, status)
  }
}

const expiryOf = (tx: TxCtx) => sql`now() + make_interval(secs => ${tx.settings.invitationExpiry})`
