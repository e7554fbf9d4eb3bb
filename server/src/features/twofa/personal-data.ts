/** What the twofa room knows of a person, and how it forgets them. No secret and no code is handed out. */
import { eq } from 'drizzle-orm'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { backupCodes, factors, pendingLogins, trustedDevices, wrongCodes } from './tables.ts'

export const personalData: PersonalData = {
  room: 'twofa',
  tables: [
    'twofa_factors',
    'twofa_backup_codes',
    'twofa_pending_logins',
    'twofa_trusted_devices',
    'twofa_wrong_codes',
  ],
  // Few by nature: one factor, ten codes, and what an hourly sweep leaves.
  collect: ({ db }, { id }) => [
    {
      name: 'authenticators',
      rows: rowsOf(() =>
        db
          .select({ createdAt: factors.createdAt, confirmedAt: factors.confirmedAt })
          .from(factors)
          .where(eq(factors.userId, id)),
      ),
    },
    {
      name: 'backup-codes',
      rows: rowsOf(() =>
        db
          .select({ usedAt: backupCodes.usedAt })
          .from(backupCodes)
          .innerJoin(factors, eq(factors.id, backupCodes.factorId))
          .where(eq(factors.userId, id)),
      ),
    },
    {
      name: 'pending-sign-ins',
      rows: rowsOf(() =>
        db
          .select({
            firstFactor: pendingLogins.firstFactor,
            createdAt: pendingLogins.createdAt,
            expiresAt: pendingLogins.expiresAt,
            usedAt: pendingLogins.usedAt,
          })
          .from(pendingLogins)
          .where(eq(pendingLogins.userId, id)),
      ),
    },
    {
      name: 'trusted-devices',
      rows: rowsOf(() =>
        db
          .select({
            userAgent: trustedDevices.userAgent,
            createdAt: trustedDevices.createdAt,
            lastUsedAt: trustedDevices.lastUsedAt,
            expiresAt: trustedDevices.expiresAt,
          })
          .from(trustedDevices)
          .where(eq(trustedDevices.userId, id)),
      ),
    },
    {
      name: 'wrong-codes',
      rows: rowsOf(() =>
        db.select({ at: wrongCodes.at }).from(wrongCodes).where(eq(wrongCodes.userId, id)),
      ),
    },
  ],
  erase: (ctx, { id }) =>
    ctx.tx(async ({ db }) => {
      for (const table of [wrongCodes, pendingLogins, trustedDevices, factors])
        await db.delete(table).where(eq(table.userId, id))
    }),
}
