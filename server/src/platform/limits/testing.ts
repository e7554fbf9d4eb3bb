/** For tests: real stores, and a line to them that can be cut or made to hang. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as connectTo, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { test } from 'vitest'
import { testDatabase } from '../../app/testing.ts'
import { openLimits, type Limits, type LimitsOptions } from './index.ts'

export type TestStore = {
  /** A line of one's own to the store, so that tests can cut theirs at the same time. */
  reach(): Promise<Reach>
  stop(): Promise<void>
}

export type Reach = {
  readonly line: Line
  /** No two tests count under the same. */
  readonly key: string
  /** What was said of the store's failures. */
  readonly storeErrors: readonly unknown[]
  /** Opens limits that reach the store through the line. */
  open(options: Partial<LimitsOptions> & Pick<LimitsOptions, 'policies'>): Limits
  /** Ends what was opened, and the line. */
  close(): Promise<void>
}

type Starter = () => Promise<TestStore>

/** A test with a line of its own to the store. */
export const reachTest = (store: () => TestStore) =>
  test.extend<{ reach: Reach }>({
    // `task` only because the first parameter must name something.
    reach: async ({ task: _task }, use) => {
      const reach = await store().reach()
      await use(reach)
      await reach.close()
    },
  })

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

async function startPostgresStore(): Promise<TestStore> {
  const { ownerUrl } = await testDatabase()
  return storeAt(Number(new URL(ownerUrl).port), {
    connect: (port) => {
      const url = new URL(ownerUrl)
      url.port = String(port)
      const pool = new Pool({ connectionString: url.href, max: 4 })
      pool.on('error', () => {})
      return { store: { kind: 'postgres', pool }, disconnect: () => pool.end() }
    },
    stop: async () => {},
  })
}

async function startRedisStore(binary: string): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'ashlar-limits-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory]
  const server = spawn(binary, settings, { stdio: 'ignore' })
  const exited = once(server, 'exit')
  await untilListening(port)
  return storeAt(port, {
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

const storeAt = (port: number, behind: Behind): TestStore => ({
  reach: async () => reachBehind(await openLine(port), behind),
  stop: () => behind.stop(),
})

function reachBehind(line: Line, behind: Behind): Reach {
  const closing: (() => Promise<void>)[] = []
  const storeErrors: unknown[] = []
  return {
    line,
    key: randomUUID(),
    storeErrors,
    open: (options) => {
      const { store, disconnect } = behind.connect(line.port)
      const onStoreError = (error: unknown) => storeErrors.push(error)
      const limits = openLimits({ store, failClosed: true, onStoreError, ...options })
      closing.push(async () => {
        await limits.close()
        await disconnect()
      })
      return limits
    },
    close: async () => {
      line.become('whole')
      for (const close of closing) await close()
      await line.close()
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
