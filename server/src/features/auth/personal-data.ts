/** What the auth room knows of a person, and how it forgets them. No hash and no token is handed out. */
import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import { deleteInBatches } from '../../platform/db/batches.ts'
import { type Part, type PersonalData, inPages, rowsOf } from '../../platform/personal-data.ts'
import {
  apiKeys,
  credentials,
  emailChanges,
  knownDevices,
  mailRequests,
  passkeyChallenges,
  passkeyHandles,
  passkeys,
  refreshTokens,
  sessions,
  signInFailures,
  verifications,
} from './tables.ts'

export const personalData: PersonalData = {
  room: 'auth',
  tables: [
    'auth_credentials',
    'auth_sessions',
    'auth_refresh_tokens',
    'auth_verifications',
    'auth_mail_requests',
    'auth_email_changes',
    'auth_api_keys',
    'auth_known_devices',
    'auth_sign_in_failures',
    'auth_passkeys',
    'auth_passkey_handles',
    'auth_passkey_challenges',
  ],
  collect: (ctx, { id, email }) => [
    ...signInsOf(ctx, id),
    ...keysAndDevicesOf(ctx, id),
    ...mailsOf(ctx, id, email),
    {
      name: 'api-keys',
      rows: inPages(
        (after: string | null, limit) =>
          ctx.db
            .select({
              id: apiKeys.id,
              name: apiKeys.name,
              hint: apiKeys.hint,
              scopes: apiKeys.scopes,
              requestsPerMinute: apiKeys.requestsPerMinute,
              lastUsedAt: apiKeys.lastUsedAt,
              lastUsedIp: apiKeys.lastUsedIp,
              createdAt: apiKeys.createdAt,
              expiresAt: apiKeys.expiresAt,
              revokedAt: apiKeys.revokedAt,
            })
            .from(apiKeys)
            .where(and(eq(apiKeys.userId, id), after === null ? undefined : gt(apiKeys.id, after)))
            .orderBy(apiKeys.id)
            .limit(limit),
        (row) => row.id,
      ),
    },
  ],
  erase: async (ctx, { id, email, formerEmails }) => {
    const own = ctx.db.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, id))
    await deleteInBatches(ctx, refreshTokens, inArray(refreshTokens.sessionId, own))
    await deleteInBatches(ctx, sessions, eq(sessions.userId, id))
    await deleteInBatches(ctx, apiKeys, eq(apiKeys.userId, id))
    await deleteInBatches(ctx, mailRequests, isRequestOf(id, [email, ...formerEmails]))
    const devices = ctx.db
      .select({ subject: sql<string>`'device:' || ${knownDevices.id}` })
      .from(knownDevices)
      .where(eq(knownDevices.userId, id))
    const isCounted = or(
      eq(signInFailures.subject, `user:${id}`),
      inArray(signInFailures.subject, devices),
    )
    await deleteInBatches(ctx, signInFailures, isCounted)
    for (const table of [
      verifications,
      emailChanges,
      credentials,
      knownDevices,
      passkeyChallenges,
      passkeys,
      passkeyHandles,
    ])
      await deleteInBatches(ctx, table, eq(table.userId, id))
  },
  findEmails: async (ctx, userId) => {
    const changes = await ctx.db
      .select({ old: emailChanges.oldEmail, new: emailChanges.newEmail })
      .from(emailChanges)
      .where(eq(emailChanges.userId, userId))
    // Where a sign-up's account has given its address back, its mails still know it.
    const proofs = await ctx.db
      .selectDistinct({ email: verifications.email })
      .from(verifications)
      .where(eq(verifications.userId, userId))
    return [
      ...changes.flatMap((change) => [change.old, change.new]),
      ...proofs.map(({ email }) => email),
    ]
  },
}

function signInsOf({ db }: ReadCtx, userId: string): readonly Part[] {
  return [
    {
      name: 'password',
      rows: rowsOf(() =>
        db
          .select({ changedAt: credentials.changedAt, changedFrom: credentials.changedFrom })
          .from(credentials)
          .where(eq(credentials.userId, userId)),
      ),
    },
    {
      name: 'sessions',
      rows: inPages(
        (after: string | null, limit) =>
          db
            .select({
              id: sessions.id,
              kind: sessions.kind,
              firstFactor: sessions.firstFactor,
              secondFactor: sessions.secondFactor,
              impersonationReason: sessions.impersonationReason,
              ip: sessions.ip,
              userAgent: sessions.userAgent,
              createdAt: sessions.createdAt,
              lastSeenAt: sessions.lastSeenAt,
              expiresAt: sessions.expiresAt,
              revokedAt: sessions.revokedAt,
              revokedReason: sessions.revokedReason,
            })
            .from(sessions)
            .where(
              and(eq(sessions.userId, userId), after === null ? undefined : gt(sessions.id, after)),
            )
            .orderBy(sessions.id)
            .limit(limit),
        (row) => row.id,
      ),
    },
    {
      name: 'refreshes',
      rows: inPages(
        (after: string | null, limit) =>
          db
            .select({
              id: refreshTokens.id,
              sessionId: refreshTokens.sessionId,
              createdAt: refreshTokens.createdAt,
              spentAt: refreshTokens.spentAt,
              expiresAt: refreshTokens.expiresAt,
            })
            .from(refreshTokens)
            .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
            .where(
              and(
                eq(sessions.userId, userId),
                after === null ? undefined : gt(refreshTokens.id, after),
              ),
            )
            .orderBy(refreshTokens.id)
            .limit(limit),
        (row) => row.id,
      ),
    },
  ]
}

function keysAndDevicesOf({ db }: ReadCtx, userId: string): readonly Part[] {
  return [
    {
      name: 'passkeys',
      rows: rowsOf(() =>
        db
          .select({
            name: passkeys.name,
            aaguid: passkeys.aaguid,
            isBackedUp: passkeys.isBackedUp,
            createdAt: passkeys.createdAt,
            lastUsedAt: passkeys.lastUsedAt,
          })
          .from(passkeys)
          .where(eq(passkeys.userId, userId)),
      ),
    },
    {
      name: 'known-devices',
      rows: rowsOf(() =>
        db
          .select({ createdAt: knownDevices.createdAt, lastSeenAt: knownDevices.lastSeenAt })
          .from(knownDevices)
          .where(eq(knownDevices.userId, userId)),
      ),
    },
    {
      name: 'wrong-passwords',
      rows: rowsOf(() =>
        db
          .select({ failures: signInFailures.failures, lastAt: signInFailures.lastAt })
          .from(signInFailures)
          .where(eq(signInFailures.subject, `user:${userId}`)),
      ),
    },
  ]
}

function mailsOf({ db }: ReadCtx, userId: string, email: string): readonly Part[] {
  return [
    {
      name: 'verifications',
      rows: rowsOf(() =>
        db
          .select({
            email: verifications.email,
            createdAt: verifications.createdAt,
            expiresAt: verifications.expiresAt,
            usedAt: verifications.usedAt,
          })
          .from(verifications)
          .where(eq(verifications.userId, userId)),
      ),
    },
    {
      name: 'requested-mails',
      rows: rowsOf(() =>
        db
          .select({
            purpose: mailRequests.purpose,
            email: mailRequests.email,
            createdAt: mailRequests.createdAt,
            usedAt: mailRequests.usedAt,
          })
          .from(mailRequests)
          .where(isRequestOf(userId, [email])),
      ),
    },
    {
      name: 'changes-of-address',
      rows: rowsOf(() =>
        db
          .select({
            oldEmail: emailChanges.oldEmail,
            newEmail: emailChanges.newEmail,
            createdAt: emailChanges.createdAt,
            endedAt: emailChanges.endedAt,
            outcome: emailChanges.outcome,
          })
          .from(emailChanges)
          .where(eq(emailChanges.userId, userId)),
      ),
    },
  ]
}

/** Also of before the account was made: the address was theirs then, too. */
const isRequestOf = (userId: string, emails: readonly string[]) =>
  or(
    eq(mailRequests.userId, userId),
    and(isNull(mailRequests.userId), inArray(mailRequests.email, [...emails])),
  )
