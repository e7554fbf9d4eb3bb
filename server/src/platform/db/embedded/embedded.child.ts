/** A process that holds an embedded server, for tests to kill. Arguments: data directory, what to do. */
import { Client } from 'pg'
import { startEmbeddedPostgres } from './index.ts'

const [dataDir = '', task = ''] = process.argv.slice(2)
const say = (word: string, rest = '') => process.stdout.write(`${word} ${rest}\n`)

try {
  const server = await startEmbeddedPostgres({
    dataDir,
    onProgress: (line) => say('progress', line),
    // The rows test is about acknowledged commits: there the server keeps its promise to the disk.
    ...(task === 'write' ? {} : { parameters: { fsync: 'off' } }),
  })
  await server.recordUrl('http://127.0.0.1:4000')
  say('ready', String(server.pid))
  if (task === 'write') await write(server.ownerUrl)
} catch (error) {
  say('error', error instanceof Error ? error.message : String(error))
}

/** Each row is its own transaction, and is told only when PostgreSQL has confirmed it. */
async function write(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  // The test may kill the server first: then the insert in progress says so.
  client.on('error', () => {})
  await client.connect()
  await client.query(
    'drop table if exists acknowledged; create table acknowledged (number integer primary key)',
  )
  for (let number = 1; ; number++) {
    await client.query('insert into acknowledged values ($1)', [number])
    say('row', String(number))
  }
}
