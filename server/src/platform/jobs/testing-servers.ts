/** The servers that tests of jobs need: a copy of the migrated database, and a Redis of their own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { inject } from 'vitest'

const redisBinary = '/usr/bin/redis-server'

/** What jobs leave behind for other processes to see. */
const effectsTable = `
  create table job_effects (
    name text not null, subject text not null, process integer not null,
    at timestamptz not null default clock_timestamp())`

export type TestDatabase = { readonly url: string; close(): Promise<void> }

/** A copy of the migrated template. The URL is the application role's, which may create nothing. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl, ownerUrl, appUrl } = inject('database')
  const name = `jobs_${randomUUID().replaceAll('-', '')}`
  const role = escapeIdentifier(decodeURIComponent(new URL(appUrl).username))
  const owner = escapeIdentifier(decodeURIComponent(new URL(ownerUrl).username))
  await execute(adminUrl, [
    `create database ${name} template template_ashlar owner ${owner}`,
    // A copy has the rights of a new database, not of its template.
    `revoke temporary on database ${name} from public`,
  ])
  await execute(databaseOf(ownerUrl, name), [
    effectsTable,
    `grant select, insert on job_effects to ${role}`,
  ])
  return {
    url: databaseOf(appUrl, name),
    close: () => execute(adminUrl, [`drop database ${name}`]),
  }
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function databaseOf(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

export type TestRedis = {
  readonly url: string
  start(): Promise<void>
  /** Saves and ends, like an orderly restart. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** Whether a Redis can be started here; with `isRequired` a missing one is a failure. */
export async function hasRedis(isRequired: boolean): Promise<boolean> {
  try {
    await access(redisBinary)
    return true
  } catch (error) {
    if (isRequired) throw new Error(`${redisBinary} is missing`, { cause: error })
    return false
  }
}

/** `extra`: arguments of redis-server, such as `--maxmemory-policy`. */
export async function testRedis(extra: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'jobs-redis-'))
  const port = await freePort()
  let server: ChildProcess | null = null
  const settings = [
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    ...extra,
  ]

  async function start(): Promise<void> {
    server = spawn(redisBinary, ['--port', String(port), ...settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { stdout } = server
    if (!stdout) throw new Error('redis-server has no output')
    for await (const line of stdout) if (String(line).includes('Ready to accept')) break
    stdout.resume()
  }

  async function stop(): Promise<void> {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    close: async () => {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
