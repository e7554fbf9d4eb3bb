/** Backup codes: ten that work once each, for the day the authenticator is lost. */
import { randomInt } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import type { Ctx, ReadCtx, TxCtx } from '../../platform/context.ts'
import { backupCodes } from './tables.ts'

const count = 10
/** Without I, L, O and U: nothing to confuse on paper (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 5 bits each: 50 bits beside the digit in front. */
const secretLength = 10
const pattern = new RegExp(`^(\\d)([${alphabet}]{${secretLength}})$`)

export type NewCodes = {
  /** What is shown, this once: `3-7K4QX-9M2TR`. */
  readonly shown: readonly string[]
  readonly hashes: readonly string[]
}

export async function countBackupCodes(ctx: ReadCtx, factorId: string): Promise<number> {
  return ctx.db.$count(
    backupCodes,
    and(eq(backupCodes.factorId, factorId), isNull(backupCodes.usedAt)),
  )
}

/** Replaces all codes of an enrolment; `hashes` come from `makeBackupCodes`, in the order of the shown ones. */
export async function replaceBackupCodes(
  tx: TxCtx,
  factorId: string,
  hashes: readonly string[],
): Promise<void> {
  await tx.db.delete(backupCodes).where(eq(backupCodes.factorId, factorId))
  await tx.db.insert(backupCodes).values(hashes.map((hash, number) => ({ factorId, number, hash })))
}

/** Uses up a code that `findBackupCode` found; false when somebody else was first. */
export async function spendBackupCode(tx: TxCtx, factorId: string, id: string): Promise<boolean> {
  const spent = await tx.db
    .update(backupCodes)
    .set({ usedAt: tx.now })
    .where(
      and(eq(backupCodes.id, id), eq(backupCodes.factorId, factorId), isNull(backupCodes.usedAt)),
    )
    .returning({ id: backupCodes.id })
  return spent.length === 1
}

/** New codes and their slow hashes: 50 bits are too few for a fast one (OWASP ASVS 5.0, 6.5.2). */
export async function makeBackupCodes(ctx: Ctx): Promise<NewCodes> {
  const secrets = Array.from({ length: count }, newSecretPart)
  const hashes = await Promise.all(secrets.map((secret) => ctx.ports.passwords.hash(secret)))
  const half = secretLength / 2
  const shown = secrets.map(
    (secret, number) => `${number}-${secret.slice(0, half)}-${secret.slice(half)}`,
  )
  return { shown, hashes }
}

/** The id of the unused code that this text is; null for every other text, after the same time. */
export async function findBackupCode(
  ctx: Ctx,
  factorId: string,
  given: string,
): Promise<string | null> {
  const [, number, secret] = pattern.exec(normalized(given)) ?? []
  const [row] =
    number === undefined
      ? []
      : await ctx.db
          .select({ id: backupCodes.id, hash: backupCodes.hash })
          .from(backupCodes)
          .where(
            and(
              eq(backupCodes.factorId, factorId),
              eq(backupCodes.number, Number(number)),
              isNull(backupCodes.usedAt),
            ),
          )
  const isRight = await ctx.ports.passwords.verify(row?.hash ?? null, secret ?? '')
  return row && isRight ? row.id : null
}

const newSecretPart = () =>
  Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join('')

/** As people copy it from paper: any case, any dashes, letters that look like digits. */
const normalized = (given: string) =>
  given.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
