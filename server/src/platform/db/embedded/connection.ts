/** Short administrative connections to the embedded server. */
import { realpath } from 'node:fs/promises'
import { Client } from 'pg'
import { codeOf } from './failure.ts'

const connectTimeoutMs = 5_000
const statementTimeoutMs = 60_000

/** Runs work on a connection of its own. Throws what `pg` throws. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    ssl: false,
    application_name: 'ashlar-embedded',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  })
  // A connection that breaks is reported by the query in progress; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * - `yes`: our server answers and takes queries
 * - `not yet`: nothing answers, or the server is starting or stopping
 * - `stranger`: something answers that does not know our password or serves another directory
 */
export type Answer = 'yes' | 'not yet' | 'stranger'

/** Asks whoever listens behind the address whether it serves this data directory. */
export async function askForCluster(adminUrl: string, cluster: string): Promise<Answer> {
  try {
    return await withClient(adminUrl, async (client) => {
      const { rows } = await client.query<{ data_directory: string }>('show data_directory')
      const served = await realpath(rows[0]?.data_directory ?? '').catch(() => '')
      return served === (await realpath(cluster)) ? 'yes' : 'stranger'
    })
  } catch (error) {
    // 28P01, 28000: the server refuses our name or password. All else may pass: refused, reset, 57P03 (starting up).
    return ['28P01', '28000'].includes(codeOf(error)) ? 'stranger' : 'not yet'
  }
}
