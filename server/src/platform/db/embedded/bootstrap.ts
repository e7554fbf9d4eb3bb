/** What the cluster needs before the application can use it: roles, the database, extensions. Safe to repeat. */
import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { withClient } from './connection.ts'
import { roles, urlOf, type Credentials } from './credentials.ts'
import { findJson, writeDurably, type Layout } from './files.ts'

const extensions = ['citext', 'pg_trgm', 'pgcrypto', 'btree_gin', 'unaccent']

/** Does nothing when the marker says that this database is complete; the marker is written last. */
export async function bootstrap(
  layout: Layout,
  credentials: Credentials,
  port: number,
  database: string,
): Promise<void> {
  const known = (await findJson(layout.marker))?.['databases']
  const complete = Array.isArray(known) ? known.map(String) : []
  if (complete.includes(database)) return
  await withClient(urlOf('admin', credentials, port, 'postgres'), async (client) => {
    await createRole(client, roles.owner, credentials.owner)
    await createRole(client, roles.app, credentials.app)
    await createDatabase(client, database)
  })
  await withClient(urlOf('admin', credentials, port, database), async (client) => {
    for (const name of extensions) await client.query(`create extension if not exists ${name}`)
  })
  await writeDurably(layout.marker, { databases: [...complete, database] })
}

async function createRole(client: Client, name: string, password: string): Promise<void> {
  const role = escapeIdentifier(name)
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name])
  if (rowCount === 0) await client.query(`create role ${role}`)
  await client.query(
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication password ${escapeLiteral(password)}`,
  )
}

async function createDatabase(client: Client, name: string): Promise<void> {
  const database = escapeIdentifier(name)
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) await client.query(`create database ${database} owner ${roles.owner}`)
  // By default everybody may connect and make temporary tables. Migrations grant what the application may do inside.
  await client.query(`revoke all on database ${database} from public`)
  await client.query(`grant connect on database ${database} to ${roles.app}`)
}
