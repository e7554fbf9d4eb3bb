/** Which PostgreSQL this process uses, and what must be true of it before anything listens. */
import { Client } from 'pg'
import { isRole, rulesOfRoles, shipBuiltInRoles } from '../features/access/index.ts'
import { restrictLedger } from '../features/ledger/index.ts'
import type { Problem } from '../platform/config/index.ts'
import type { Settings } from '../platform/context.ts'
import { type Database, type PoolOptions, connect, databaseOf } from '../platform/db/index.ts'
import {
  type EmbeddedPostgres,
  findRunningPostgres,
  startEmbeddedPostgres,
} from '../platform/db/embedded/index.ts'
import { DatabaseRefused, migrate } from '../platform/db/migrate.ts'
import { migrateJobStore } from '../platform/jobs/index.ts'
import { everyPermission } from '../platform/rights/index.ts'
import { isAdministering } from './rooms.ts'
import { SettingsError } from './settings.ts'

/** Where the database is, for the owner and for the application. */
export type Location = {
  readonly appUrl: string
  readonly ownerUrl: string
  /** Role that application connections become; null when `appUrl` logs in as it already. */
  readonly role: string | null
}

export type Located = { readonly location: Location; readonly embedded: EmbeddedPostgres | null }

/** The server of `DATABASE_URL`, or one of our own in the data directory. */
export async function locateDatabase(
  settings: Settings,
  say: { progress: (line: string) => void; log: (line: string) => void },
): Promise<Located> {
  if (settings.databaseUrl !== undefined) {
    const ownerUrl = settings.databaseOwnerUrl ?? settings.databaseUrl
    const hasOwnLogin = ownerUrl !== settings.databaseUrl
    const location = {
      appUrl: settings.databaseUrl,
      ownerUrl,
      role: hasOwnLogin ? null : settings.databaseAppRole,
    }
    return { location, embedded: null }
  }
  const embedded = await startEmbeddedPostgres({
    dataDir: settings.ashlarDataDir,
    onProgress: say.progress,
    log: say.log,
  })
  return {
    location: { appUrl: embedded.appUrl, ownerUrl: embedded.ownerUrl, role: null },
    embedded,
  }
}

/** The database of a product that may be running already: its embedded server is joined, not started twice. */
export async function joinDatabase(settings: Settings): Promise<Located> {
  const running =
    settings.databaseUrl === undefined ? await findRunningPostgres(settings.ashlarDataDir) : null
  if (running) return { location: { ...running, role: null }, embedded: null }
  return locateDatabase(settings, { progress: () => {}, log: () => {} })
}

/** Brings the schema up to date and gives the application's role its rights. */
export async function prepareDatabase(settings: Settings, location: Location): Promise<void> {
  const appRole = location.role ?? decodeURIComponent(new URL(location.appUrl).username)
  await migrate({
    ownerUrl: location.ownerUrl,
    appRole,
    ...schemaParts,
  })
  if (settings.isProduction) await refuseSuperuser(location)
  await requireRoles(settings, location)
}

/** What comes with the schema: the job store's own, and the roles that this version ships. */
async function alongside(client: Client, appRole: string): Promise<void> {
  await migrateJobStore(client, appRole)
  await shipBuiltInRoles(databaseOf(client))
}

/** What rooms add to a migration. */
export const schemaParts = { alongside, restrict: restrictLedger } as const

export function openDatabase(
  settings: Settings,
  location: Location,
  events: Pick<PoolOptions, 'onError' | 'onQuery'>,
): Database {
  return connect({
    url: location.appUrl,
    role: location.role,
    size: settings.dbPoolSize,
    overflow: settings.dbMaxOverflow,
    acquireTimeoutSeconds: settings.dbPoolTimeout,
    recycleSeconds: settings.dbPoolRecycle,
    statementTimeoutSeconds: settings.dbStatementTimeout,
    lockTimeoutSeconds: settings.dbLockTimeout,
    idleInTransactionTimeoutSeconds: settings.dbIdleInTransactionTimeout,
    applicationName: 'ashlar',
    ...events,
  })
}

const unknownRole: Problem = {
  name: 'DEFAULT_ROLE',
  kind: 'invalid',
  message: 'names no role there is',
  remedy: 'Use a built-in role, such as member, or one that was made',
}

/** What MFA_REQUIRED_ROLES says where a second factor is asked of nobody. */
const nobody = 'none'

const unknownDuty = (role: string): Problem => ({
  name: 'MFA_REQUIRED_ROLES',
  kind: 'invalid',
  message: `names ${role}, which is no role there is, so that nobody would be asked for a second factor for it`,
  remedy: `Correct it or take it out; ${nobody} asks it of nobody`,
})

const administers = (permission: string): Problem => ({
  name: 'DEFAULT_ROLE',
  kind: 'unsafe',
  message: `gives everybody who signs up ${permission === everyPermission ? 'every right' : permission}`,
  remedy: 'Use another role, such as member, or take that from this one',
})

/**
 * Roles are rows: whether those that settings name are there, and whether the one that everybody who signs up gets does not
 * make administrators of them, can only be asked of the database.
 */
async function requireRoles(settings: Settings, { ownerUrl }: Location): Promise<void> {
  const { defaultRole, mfaRequiredRoles, isProduction } = settings
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const ctx = { db: databaseOf(client) }
    const problems: Problem[] = (await isRole(ctx, defaultRole)) ? [] : [unknownRole]
    for (const role of mfaRequiredRoles)
      if (role !== nobody && !(await isRole(ctx, role))) problems.push(unknownDuty(role))
    if (problems.length > 0) throw new SettingsError(problems)
    if (!isProduction) return
    const given = await rulesOfRoles(ctx, [defaultRole])
    const [grave] = given.filter(({ permission }) => isAdministering(permission))
    if (grave) throw new SettingsError([administers(grave.permission)])
  } finally {
    await client.end()
  }
}

/** A superuser ignores every grant: the append-only tables would only look append-only. */
async function refuseSuperuser(location: Location): Promise<void> {
  const client = new Client({ connectionString: location.appUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rows } = await client.query<{ is: boolean }>(
      'select rolsuper as is from pg_roles where rolname = session_user',
    )
    if (rows[0]?.is)
      throw new DatabaseRefused(
        'DATABASE_URL logs in as a superuser; production needs a role without that right. ' +
          'Create one that owns the database, and use it.',
      )
  } finally {
    await client.end()
  }
}
