/** The database side of the relay: which rows of the outbox are ours for now, and who owns a key. */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { transact } from '../db/transaction.ts'
import type { JobOrigin } from './define.ts'

export type OutboxRow = {
  readonly id: string
  readonly name: string
  readonly key: string | null
  readonly payload: unknown
  readonly origin: JobOrigin
  readonly run_at: string
  readonly created_at: string
}

/** A done key refuses a second job for this long. */
const keyMemoryDays = 30
/** A key whose job never succeeded (a dead letter nobody started again) is given up after this long. */
const unfinishedKeyDays = 180
/** How long a claimed row belongs to this relay; doubles with each claim, so a row that harms relays slows down. */
const leaseSeconds = 30
const leaseMaxSeconds = 600

/**
 * Claims up to `limit` due rows with one of these names, oldest first. The claim is a lease: it is committed before the
 * store is called, and after a crash the rows become due again. Rows whose key belongs to another job are deleted.
 */
export async function claimRows(
  db: Db,
  names: readonly string[],
  limit: number,
): Promise<readonly OutboxRow[]> {
  return transact(db, async (tx) => {
    const { rows } = await tx.execute<OutboxRow>(sql`
      with due as materialized (
        select id from platform_job_outbox
        where next_at <= now() and name = any(${sql.param(names)})
        order by next_at
        limit ${limit}
        for update skip locked
      )
      update platform_job_outbox o
      set attempts = o.attempts + 1,
          next_at = now() + make_interval(
            secs => least(${leaseMaxSeconds}, ${leaseSeconds} * power(2, least(o.attempts, 20))))
      from due where o.id = due.id
      returning o.id, o.name, o.key, o.payload, o.origin, o.run_at, o.created_at`)
    const refused = await takeKeys(
      tx,
      rows.filter((row) => row.key !== null),
    )
    const accepted = rows.filter((row) => !refused.has(row.id))
    return accepted.toSorted((a, b) => a.id.localeCompare(b.id))
  })
}

/** Registers the keys; the ids of rows that came second are deleted and returned. */
async function takeKeys(tx: Tx, rows: readonly OutboxRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set()
  const ids = sql.param(rows.map((row) => row.id))
  // Always in the same order, so that two relays cannot wait for each other.
  await tx.execute(sql`
    insert into platform_job_keys (name, key, job_id)
    select name, key, id from platform_job_outbox where id = any(${ids}::uuid[])
    order by name, key, created_at, id
    on conflict do nothing`)
  const { rows: refused } = await tx.execute<{ id: string }>(sql`
    delete from platform_job_outbox o
    using platform_job_keys k
    where o.id = any(${ids}::uuid[]) and k.name = o.name and k.key = o.key
      and (k.job_id <> o.id or k.done_at is not null)
    returning o.id`)
  return new Set(refused.map((row) => row.id))
}

/** The store has them: the rows are no longer needed. */
export async function deleteRows(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.execute(sql`delete from platform_job_outbox where id = any(${sql.param(ids)}::uuid[])`)
}

/** Gives claimed rows back at once: the store could not be reached, which is not their fault. */
export async function releaseRows(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.execute(sql`
    update platform_job_outbox set next_at = now(), attempts = greatest(attempts - 1, 0)
    where id = any(${sql.param(ids)}::uuid[])`)
}

/** True when the key's job already succeeded: a second run, after the store forgot the first, does nothing. */
export async function isKeyDone(db: Db, jobId: string): Promise<boolean> {
  const { rows } = await db.execute(
    sql`select from platform_job_keys where job_id = ${jobId}::uuid and done_at is not null`,
  )
  return rows.length > 0
}

export async function markKeyDone(db: Db, jobId: string): Promise<void> {
  await db.execute(
    sql`update platform_job_keys set done_at = now() where job_id = ${jobId}::uuid and done_at is null`,
  )
}

/** Forgets keys that were done 30 days ago, at most 10 000 per call. */
export async function forgetKeys(db: Db): Promise<void> {
  await db.execute(sql`
    delete from platform_job_keys where (name, key) in (
      select name, key from platform_job_keys
      where created_at < now() - make_interval(days => ${keyMemoryDays})
        and (done_at < now() - make_interval(days => ${keyMemoryDays})
          or created_at < now() - make_interval(days => ${unfinishedKeyDays}))
      limit 10000)`)
}
