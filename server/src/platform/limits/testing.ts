/** For tests: real stores, and a line to them that can be cut or made to hang. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as connectTo, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import { Client, Pool } from 'pg'
import { startEmbeddedPostgres } from '../db/embedded/index.ts'
import { rateLimitCounts, rateLimitLogs } from '../tables.ts'
import { openLimits, type Limits, type LimitsOptions } from './index.ts'

export type TestStore = {
  /** Opens limits that reach the store through the line; closed by `closeAll`. */
  open(options: Partial<LimitsOptions> & Pick<LimitsOptions, 'policies'>): Promise<Limits>
  readonly line: Line
  closeAll(): Promise<void>
  stop(): Promise<void>
}

type Starter = () => Promise<TestStore>

/** Every store there is, for `describe.each`. Without redis-server says so, or fails when REQUIRE_SERVICES is 1. */
export async function testStores(): Promise<readonly (readonly [string, Starter])[]> {
  const binary = await findOnPath('redis-server')
  if (binary !== null)
    return [
      ['PostgreSQL', startPostgresStore],
      ['Redis', () => startRedisStore(binary)],
    ]
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('redis-server is not installed')
  process.stderr.write('limits on Redis are not tested: redis-server is not installed\n')
  return [['PostgreSQL', startPostgresStore]]
}

/** A database with the tables of rate limits, made from their own definitions. */
export async function startDatabase(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ashlar-limits-'))
  const server = await startEmbeddedPostgres({ dataDir, parameters: { fsync: 'off' } })
  const client = new Client({ connectionString: server.ownerUrl })
  await client.connect()
  for (const table of [rateLimitLogs, rateLimitCounts]) await client.query(createTable(table))
  await client.end()
  return {
    url: server.ownerUrl,
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function startPostgresStore(): Promise<TestStore> {
  const database = await startDatabase()
  const url = new URL(database.url)
  return storeBehind(await openLine(Number(url.port)), {
    connect: (port) => {
      url.port = String(port)
      const pool = new Pool({ connectionString: url.href, max: 4 })
      pool.on('error', () => {})
      return { store: { kind: 'postgres', pool }, disconnect: () => pool.end() }
    },
    stop: () => database.stop(),
  })
}

async function startRedisStore(binary: string): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'ashlar-limits-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory]
  const server = spawn(binary, settings, { stdio: 'ignore' })
  const exited = once(server, 'exit')
  await untilListening(port)
  return storeBehind(await openLine(port), {
    connect: (linePort) => ({
      store: { kind: 'redis', url: `redis://127.0.0.1:${linePort}` },
      disconnect: async () => {},
    }),
    stop: async () => {
      server.kill('SIGTERM')
      await exited
      await rm(directory, { recursive: true, force: true })
    },
  })
}

type Behind = {
  connect(port: number): { store: LimitsOptions['store']; disconnect(): Promise<void> }
  stop(): Promise<void>
}

function storeBehind(line: Line, behind: Behind): TestStore {
  const closing: (() => Promise<void>)[] = []
  return {
    line,
    open: async (options) => {
      const { store, disconnect } = behind.connect(line.port)
      const limits = openLimits({ store, failClosed: true, onStoreError: () => {}, ...options })
      closing.push(async () => {
        await limits.close()
        await disconnect()
      })
      return limits
    },
    closeAll: async () => {
      for (const close of closing.splice(0)) await close()
    },
    stop: async () => {
      await line.close()
      await behind.stop()
    },
  }
}

export type Line = {
  readonly port: number
  /** `cut` ends connections and refuses new ones; `hang` accepts everything and passes nothing on. */
  become(state: 'whole' | 'cut' | 'hang'): void
  close(): Promise<void>
}

async function openLine(target: number): Promise<Line> {
  const sockets = new Set<Socket>()
  let state = 'whole'
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy()
      return
    }
    const far = connectTo(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => state === 'whole' && to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endConnections = () => sockets.forEach((socket) => socket.destroy())
  return {
    port: portOf(server),
    become: (next) => {
      // Bytes that a hanging line swallowed are missing: nothing sensible comes over these connections again.
      if (next === 'cut' || state === 'hang') endConnections()
      state = next
    },
    close: async () => {
      endConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function createTable(table: PgTable): string {
  const { name, columns, primaryKeys } = getTableConfig(table)
  const keys = columns.filter(({ primary }) => primary).map((column) => column.name)
  const composite = primaryKeys.flatMap((key) => key.columns.map((column) => column.name))
  const lines = columns.map((column) => `${column.name} ${column.getSQLType()} not null`)
  return `create table ${name} (${lines.join(', ')}, primary key (${[...keys, ...composite].join(', ')}))`
}

async function findOnPath(name: string): Promise<string | null> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, name)
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return null
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

function portOf(server: { address(): string | AddressInfo | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connectTo(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await sleep(25)
  }
  throw new Error(`nothing listens on port ${port}`)
}
