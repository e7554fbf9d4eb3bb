/**
 * Facts and their details lie in months, by the time that their ids tell. All here runs as the owner of the database:
 * the application's role has no rights on a partition, only on the whole.
 */
import { type Client, escapeIdentifier, escapeLiteral } from 'pg'
import { sqlState } from '../db/failures.ts'

const tables = [
  { name: 'platform_events', key: 'id' },
  { name: 'platform_event_details', key: 'event_id' },
] as const
/** A process that is never restarted, and a job that fails for a quarter, still find their month. */
const monthsAhead = 3
/** What waits for a lock on the facts keeps everybody waiting who comes later: better to try again. */
const lockTimeout = '1s'
const lockAttempts = 10

/** The lowest id of a moment: UUIDv7 begins with milliseconds since 1970 (RFC 9562, 5.7). */
export function firstIdAt(moment: Date): string {
  const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, '0').padEnd(32, '0')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The moment that an id tells; only as good as the clock of whoever made it. */
export const momentOf = (id: string): Date =>
  new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))

export type Partition = {
  readonly name: string
  /** Ids below it lie here; null for what lies in no month. */
  readonly below: string | null
}

/** The partitions of a table, oldest first, with the one for the rest at the end. */
export async function listPartitions(client: Client, table: string): Promise<Partition[]> {
  const { rows } = await client.query<{ name: string; bound: string }>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
    [table],
  )
  return rows
    .map(({ name, bound }) => ({
      name,
      below: /TO \('([0-9a-f-]{36})'\)/.exec(bound)?.[1] ?? null,
    }))
    .toSorted((a, b) => (a.below ?? 'rest').localeCompare(b.below ?? 'rest'))
}

/** Makes the months that are missing, up to three from now. What has gone astray for want of them is moved into them. */
export async function addMonths(client: Client, now: Date): Promise<void> {
  for (const { name, key } of tables) {
    const bounds = (await listPartitions(client, name)).flatMap(({ below }) => below ?? [])
    const last = bounds.at(-1)
    if (last === undefined) throw new Error(`${name} has no month at all`)
    for (
      let from = momentOf(last);
      from <= monthsFrom(now, monthsAhead);
      from = monthsFrom(from, 1)
    )
      await addMonth(client, { name, key }, from)
  }
}

/** Drops the partitions whose ids all lie below a bound, of facts and details alike. */
export async function dropMonths(client: Client, below: string): Promise<void> {
  for (const { name } of tables)
    for (const partition of await listPartitions(client, name))
      if (partition.below !== null && partition.below <= below)
        await withLock(client, [`drop table ${escapeIdentifier(partition.name)}`])
}

/** Nobody but the owner reaches a partition past its table. */
export async function shutPartitions(client: Client, appRole: string): Promise<void> {
  const role = escapeIdentifier(appRole)
  for (const { name } of tables)
    for (const partition of await listPartitions(client, name))
      await client.query(`revoke all on ${escapeIdentifier(partition.name)} from ${role}`)
}

/**
 * A database that was restored from a dump counts its transactions from the beginning: new facts would stand among old
 * ones. Then what was counted before is added from now on.
 */
export async function alignPositions(client: Client): Promise<void> {
  const { rows } = await client.query<{ ahead: string; offset: string }>(
    `select coalesce(greatest(
         (select max(position) from platform_events),
         (select position from platform_event_seals order by number desc limit 1)), 0)
       - platform_position(pg_current_xact_id()) as ahead, platform_position('0') as offset`,
  )
  const [{ ahead, offset } = { ahead: '0', offset: '0' }] = rows
  if (BigInt(ahead) <= 0n) return
  const added = BigInt(offset) + BigInt(ahead)
  await client.query(
    `create or replace function platform_position(transaction xid8) returns bigint language sql immutable parallel safe
     as $$ select transaction::text::bigint + ${added} $$`,
  )
}

/** The first moment of the month that is so many months later, in UTC. */
export const monthsFrom = (moment: Date, months: number): Date =>
  new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months, 1))

async function addMonth(
  client: Client,
  { name, key }: { name: string; key: string },
  from: Date,
): Promise<void> {
  const month = escapeIdentifier(`${name}_${from.toISOString().slice(0, 7).replace('-', '_')}`)
  const rest = escapeIdentifier(`${name}_rest`)
  const lower = escapeLiteral(firstIdAt(from))
  const upper = escapeLiteral(firstIdAt(monthsFrom(from, 1)))
  // Attached, not created in place: that would lock the whole table against everybody.
  await withLock(client, [
    `create table ${month} (like ${name} including all)`,
    `with astray as (delete from ${rest} where ${key} >= ${lower} and ${key} < ${upper} returning *)
     insert into ${month} select * from astray`,
    `alter table ${name} attach partition ${month} for values from (${lower}) to (${upper})`,
  ])
}

async function withLock(client: Client, statements: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`begin; set local lock_timeout = '${lockTimeout}'`)
      for (const statement of statements) await client.query(statement)
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      if (attempt === lockAttempts || sqlState(error) !== '55P03') throw error
    }
  }
}
