/** For tests: a database that ends its connections, and one that lets nobody in for a while. */
import { Client, escapeIdentifier } from 'pg'
import { inject } from 'vitest'

/** Ends the connections to a database, as an operator or a failover would; returns how many. */
export const endConnections = (url: string, applicationName?: string): Promise<number> =>
  asAdministrator((client) => end(client, nameOf(url), applicationName))

/** Ends all connections to a database, and runs `work` while it lets nobody in. */
export async function whileAway<T>(url: string, work: () => Promise<T>): Promise<T> {
  const name = nameOf(url)
  const allow = (client: Client, isAllowed: boolean) =>
    client.query(`alter database ${escapeIdentifier(name)} with allow_connections ${isAllowed}`)
  await asAdministrator(async (client) => {
    await allow(client, false)
    await end(client, name)
  })
  try {
    return await work()
  } finally {
    await asAdministrator((client) => allow(client, true))
  }
}

async function end(client: Client, name: string, applicationName?: string): Promise<number> {
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = $1 and application_name = coalesce($2, application_name)`,
    [name, applicationName],
  )
  return rowCount ?? 0
}

async function asAdministrator<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: inject('database').adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)
