/** Accepting an invitation: whoever has its mail becomes, or already is, the account of its address. */
import { eq, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { refused } from '../../platform/events/index.ts'
import { accessErrors, httpErrors } from '../../platform/http/errors.ts'
import { grantRole } from '../access/index.ts'
import {
  type Opened,
  type Opening,
  createAccount,
  type Renewed,
  endOtherSessions,
  openSession,
  prepareRenewal,
  requireGoodPassword,
} from '../auth/index.ts'
import { type User, findUserByEmail, getUser, lockUser } from '../users/index.ts'
import { errors } from './errors.ts'
import { acceptanceRefused, invitationAccepted } from './events.ts'
import { isBacked } from './inviters.ts'
import { type Invitation, invitations, shown } from './tables.ts'
import { findOpen, isOpen, mailIdOf } from './tokens.ts'

export type Acceptance = {
  readonly token: string
  readonly password?: string | undefined
  readonly name?: string | undefined
  readonly username?: string | undefined
}

/**
 * Somebody new is signed in; whoever was signed in already has the role from now on, in a session that takes the place
 * of theirs. Null: it stands on tokens of an identity provider, and nobody here can replace it.
 */
export type Accepted =
  | { readonly opened: Opened }
  | { readonly joined: Invitation; readonly renewed: Renewed | null }

/** An invitation that can be accepted, who answers for it, and the account of its address if there is one. */
type Known = {
  readonly invitation: Invitation
  readonly inviter: User
  readonly account: User | null
}

/** Throws `invitations.invalid_token` (400), the same for every reason. */
export async function readInvitation(ctx: ReadCtx, token: string): Promise<Known> {
  const mailId = mailIdOf(ctx, token)
  if (mailId === null) throw dead('forged')
  const invitation = await findOpen(ctx, mailId)
  if (!invitation) throw dead('not_open')
  const inviter = await getUser(ctx, invitation.invitedBy)
  if (!(await isBacked(ctx, invitation, inviter))) throw dead('not_backed', invitation.id)
  const account = await findUserByEmail(ctx, invitation.email)
  if (account && account.status !== 'active') throw dead(account.status, invitation.id)
  return { invitation, inviter, account }
}

/**
 * Accepts an invitation, once. Its role and address come from its row. Somebody new chooses a password, and their
 * address is proven: the mail went there. The account of the address must be signed in: the mail alone proves the
 * mailbox, not every factor that the account has. Its session goes on under a new id: whoever knew the old one does
 * not get the role along.
 *
 * Throws `invitations.invalid_token` (400), `account_exists` and `other_account` (409), `auth.weak_password` (422) and
 * `users.username_taken` (409); whatever it is, the invitation stays as it was. `tokens.unavailable` (503) leaves it so for
 * who is signed in; somebody new has their account then, and signs in.
 */
export async function acceptInvitation(
  ctx: Ctx,
  input: Acceptance,
  opening: Opening,
): Promise<Accepted> {
  const known = await readInvitation(ctx, input.token)
  if (ctx.actor.kind !== 'anonymous') return join(ctx, known)
  const user = await makeAccount(ctx, known, input)
  return { opened: await openSession(ctx, user, opening, { firstFactor: 'invitation' }) }
}

async function join(ctx: Ctx, { invitation, account }: Known): Promise<Accepted> {
  const { id: userId, sessionId } = ctx.actor
  const other = () =>
    errors
      .other_account()
      .recording(refused(acceptanceRefused, invitation.id, { reason: 'other_account' }))
  if (userId === null || userId !== account?.id) throw other()
  if (sessionId === null) throw accessErrors.session_required()
  const renew = await prepareRenewal(ctx)
  return ctx.tx(async (tx) => {
    const claimed = await claim(tx, invitation)
    const user = await lockUser(tx, userId)
    if (user.status !== 'active') throw dead(user.status, invitation.id)
    if (user.email !== claimed.email || user.emailVerifiedAt === null) throw other()
    await grantRole(tx, userId, claimed.role, claimed.invitedBy)
    // What somebody left signed in elsewhere does not get more power with them.
    await endOtherSessions(tx, userId, sessionId)
    await settle(tx, claimed, userId, 'existing')
    return { joined: claimed, renewed: (await renew?.(tx)) ?? null }
  })
}

async function makeAccount(
  ctx: Ctx,
  { invitation, account }: Known,
  { password, username, name = invitation.name ?? undefined }: Acceptance,
): Promise<User> {
  const { email } = invitation
  // A sign-up that nobody has proven does not take the address: whoever has the mailbox is the one.
  if (account && account.emailVerifiedAt !== null) {
    // Made from this very invitation while we looked? Then it is used, and that is the answer.
    if (!(await findOpen(ctx, invitation.mailId))) throw dead('not_open', invitation.id)
    throw taken(invitation.id)
  }
  if (password === undefined)
    throw httpErrors.invalid_request({
      errors: [{ pointer: '/password', message: 'is needed for a new account' }],
    })
  await requireGoodPassword(ctx, password, { email, name, username })
  const passwordHash = await ctx.ports.passwords.hash(password)
  return ctx.tx(async (tx) => {
    const claimed = await claim(tx, invitation)
    const { role, invitedBy: grantedBy } = claimed
    const made = await createAccount(tx, { email, name, username, passwordHash, role, grantedBy })
    if (!made) throw taken(invitation.id)
    await settle(tx, claimed, made.id, 'new')
    return made
  })
}

/** Decides who is the one that accepts, and looks once more whether the inviter may still give the role. */
async function claim(tx: TxCtx, { id, mailId }: Invitation): Promise<Invitation> {
  const [claimed] = await tx.db
    .update(invitations)
    .set({ status: 'accepted', endedAt: sql`clock_timestamp()`, updatedAt: tx.now })
    .where(isOpen(mailId))
    .returning(shown)
  if (!claimed) throw dead('not_open', id)
  // Locked: the inviter is suspended before this or after it, never in between.
  const inviter = await lockUser(tx, claimed.invitedBy)
  if (!(await isBacked(tx, claimed, inviter))) throw dead('not_backed', id)
  return claimed
}

async function settle(
  tx: TxCtx,
  { id, role, invitedBy }: Pick<Invitation, 'id' | 'role' | 'invitedBy'>,
  userId: string,
  account: 'new' | 'existing',
): Promise<void> {
  await tx.db.update(invitations).set({ acceptedBy: userId }).where(eq(invitations.id, id))
  await tx.record(invitationAccepted, id, { userId, role, invitedBy, account })
}

const taken = (id: string) =>
  errors.account_exists().recording(refused(acceptanceRefused, id, { reason: 'account_exists' }))

const dead = (reason: string, id: string | null = null) =>
  errors.invalid_token().recording(refused(acceptanceRefused, id, { reason }))
