/** Connections of the owner of the database: for what the application's role may not do. */
import { Client } from 'pg'

/** Oldest supported server. */
const oldestVersion = 150_000

/** This database cannot be used as it is; the message says what an administrator has to do. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}

/** Runs `work` on a connection of the owner's. */
export async function asOwner<T>(
  ownerUrl: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: ownerUrl,
    application_name: 'ashlar-migrate',
    connectionTimeoutMillis: 10_000,
  })
  // A connection lost while idle is reported by the next query; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string }>('show server_version_num')
    if (Number(rows[0]?.version) < oldestVersion)
      throw new DatabaseRefused('this PostgreSQL is too old: version 15 to 18 is supported')
    return await work(client)
  } finally {
    await client.end()
  }
}
