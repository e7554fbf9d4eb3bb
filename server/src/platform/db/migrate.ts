/**
 * The one migration runner: under an advisory lock, as the owner role, before anything listens.
 * Files are forward only and never change once merged; grants are set anew after every run.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import { type Client, escapeIdentifier } from 'pg'
import { addMonths, alignPositions, shutPartitions } from '../events/months.ts'
import { DatabaseRefused, asOwner } from './owner.ts'

export { DatabaseRefused } from './owner.ts'

const folder = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Any fixed number; the same for every process of every version. */
const lockId = 4_707_254
/** How long a run waits for another process that is migrating. */
const waitForLock = '120s'
/** How long one statement may wait for a table that is in use; then the start fails and can be repeated. */
const tableLockTimeout = '5s'
/** Facts, and what proves them: the application's role may add and read rows, never change or remove them. */
const appendOnlyTables = [
  'platform_events',
  'platform_event_details',
  'platform_event_seals',
  'platform_event_heads',
] as const
/** What it may have done in the name of the owner: details go where a fact says why (events/forgetting.ts). */
const lentFunction = 'platform_forget_details(text, timestamptz, integer)'

export type MigrateOptions = {
  readonly ownerUrl: string
  /** The role the application runs under; created without login when it does not exist. */
  readonly appRole: string
  /** Runs under the same lock, as the owner, before the grants: other schemas the product brings along. */
  readonly alongside?: (client: Client, appRole: string) => Promise<void>
  /** Takes back rights that the role has in all other tables; in one transaction with the grants. `role` is quoted. */
  readonly restrict?: (client: Client, role: string) => Promise<void>
}

export type MigrationStatus = { readonly name: string; readonly isApplied: boolean }

/** Brings the database to this version's schema. Safe to call from many processes at once. */
export async function migrate(options: MigrateOptions): Promise<void> {
  await asOwner(options.ownerUrl, async (client) => {
    await client.query(`set lock_timeout = '${waitForLock}'`)
    await client.query('select pg_advisory_lock($1)', [lockId])
    await client.query(`set lock_timeout = '${tableLockTimeout}'`)
    await ensureRole(client, options.appRole)
    await applyMigrations(drizzle(client), { migrationsFolder: folder })
    await alignPositions(client)
    await addMonths(client, new Date())
    await options.alongside?.(client, options.appRole)
    await grant(client, options)
  })
}

/** Every migration of this version and whether the database has it. */
export async function migrationStatus(ownerUrl: string): Promise<readonly MigrationStatus[]> {
  return asOwner(ownerUrl, async (client) => {
    const { rows: known } = await client.query<{ exists: boolean }>(
      `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
    )
    const applied = known[0]?.exists
      ? (
          await client.query<{ at: string }>(
            'select created_at as at from drizzle.__drizzle_migrations',
          )
        ).rows
      : []
    const times = new Set(applied.map((row) => Number(row.at)))
    return journal().map(({ tag, when }) => ({ name: tag, isApplied: times.has(when) }))
  })
}

function journal(): readonly { tag: string; when: number }[] {
  const text = readFileSync(`${folder}/meta/_journal.json`, 'utf8')
  return (JSON.parse(text) as { entries: { tag: string; when: number }[] }).entries
}

async function ensureRole(client: Client, appRole: string): Promise<void> {
  const role = escapeIdentifier(appRole)
  const { rows } = await client.query<{ owner: string; exists: boolean }>(
    'select current_user as owner, exists(select from pg_roles where rolname = $1) as exists',
    [appRole],
  )
  const owner = rows[0]?.owner ?? ''
  if (!rows[0]?.exists) {
    try {
      await client.query(`create role ${role} nologin`)
    } catch (error) {
      // Another installation on the same server may create the shared role at the same moment.
      if (
        (error as { code?: string }).code !== '42710' &&
        (error as { code?: string }).code !== '23505'
      )
        throw new DatabaseRefused(
          `role ${appRole} does not exist and ${owner} may not create it; run as an administrator: ` +
            `create role ${role} nologin; grant ${role} to ${escapeIdentifier(owner)};`,
          { cause: error },
        )
    }
    await client.query(`grant ${role} to current_user`)
  }
}

async function grant(
  client: Client,
  { appRole, restrict }: Pick<MigrateOptions, 'appRole' | 'restrict'>,
): Promise<void> {
  const role = escapeIdentifier(appRole)
  await client.query('begin')
  // A database that was made before PostgreSQL 15 lets everybody create tables there.
  await client.query('revoke create on schema public from public')
  await client.query(`grant usage on schema public to ${role}`)
  await client.query(
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
  )
  await client.query(`grant usage, select on all sequences in schema public to ${role}`)
  for (const table of appendOnlyTables)
    await client.query(`revoke update, delete, truncate on ${table} from ${role}`)
  await client.query(`grant execute on function ${lentFunction} to ${role}`)
  await restrict?.(client, role)
  await shutPartitions(client, appRole)
  await client.query('commit')
}
