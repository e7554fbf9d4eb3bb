/** The authenticators' secrets at rest: in envelopes bound to their row, and moved to the newest key by a job. */
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { ReadCtx, TxCtx } from '../../platform/context.ts'
import { currentHead, decrypt, encrypt, keyringOf } from '../../platform/encryption/index.ts'
import { AppError } from '../../platform/errors.ts'
import { type Tick, defineJob } from '../../platform/jobs/define.ts'
import { type Factor, factors } from './tables.ts'

/** Rows of one transaction: a kill in the middle loses this much work and nothing else. */
const batchSize = 100
const beforeAll = '00000000-0000-0000-0000-000000000000'

type Batch = { readonly last: string; readonly unreadable: number }

export const sealSecret = (ctx: ReadCtx, id: string, secret: Buffer): Buffer =>
  encrypt(keyringOf(ctx.settings), secret, placeOf(id))

/** @throws AppError `encryption.unreadable` when its key is not at hand */
export const openSecret = (ctx: ReadCtx, { id, secret }: Pick<Factor, 'id' | 'secret'>): Buffer =>
  decrypt(keyringOf(ctx.settings), secret, placeOf(id))

/**
 * Encrypts anew what an older key encrypted. What is done shows in the rows themselves, so a run that was killed is
 * taken up by the next one. A secret that no key opens is left as it is, and the run fails so that somebody looks.
 */
export const reencryptSecrets = defineJob(
  'twofa.reencrypt_secrets',
  { cron: '*/5 * * * *', queue: 'maintenance', attempts: 1, timeoutSeconds: 240 },
  async (ctx, _tick: Tick, signal) => {
    let after = beforeAll
    let unreadable = 0
    while (!signal.aborted) {
      const batch = await ctx.tx((tx) => reencryptBatch(tx, after))
      if (!batch) break
      after = batch.last
      unreadable += batch.unreadable
    }
    if (unreadable > 0)
      throw new Error(`${unreadable} secrets cannot be read with the keys in ENCRYPTION_KEYS`)
  },
)

async function reencryptBatch(tx: TxCtx, after: string): Promise<Batch | null> {
  const head = currentHead(keyringOf(tx.settings))
  const rows = await tx.db
    .select({ id: factors.id, secret: factors.secret })
    .from(factors)
    .where(
      and(
        gt(factors.id, after),
        sql`substring(${factors.secret} from 1 for ${head.length}) <> ${head}`,
      ),
    )
    .orderBy(asc(factors.id))
    .limit(batchSize)
    .for('update')
  let unreadable = 0
  for (const row of rows) {
    const plain = openIfPossible(tx, row)
    if (plain === null) unreadable += 1
    else
      await tx.db
        .update(factors)
        .set({ secret: sealSecret(tx, row.id, plain) })
        .where(eq(factors.id, row.id))
  }
  const last = rows.at(-1)?.id
  return last === undefined ? null : { last, unreadable }
}

function openIfPossible(ctx: ReadCtx, row: Pick<Factor, 'id' | 'secret'>): Buffer | null {
  try {
    return openSecret(ctx, row)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

const placeOf = (row: string) => ({ table: 'twofa_factors', column: 'secret', row })
