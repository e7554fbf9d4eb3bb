/** The embedded server under what happens to it: first starts, second starts, and every kind of sudden end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findBinaries } from './binaries.ts'
import { getCredentials } from './credentials.ts'
import { layoutOf } from './files.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './index.ts'
import { chooseLauncher } from './launcher.ts'
import { choosePort } from './port.ts'
import { listServersOf, signal } from './processes.ts'
import { startServer, type Site } from './server.ts'

const minuteMs = 60_000
const quick = { fsync: 'off' }
const silent = () => {}
const undo: (() => Promise<unknown>)[] = []
/**
 * Where a first start has taken place: most tests begin there, and leave it stopped and whole. Making and deleting a
 * thousand files for each test would cost more than the tests.
 */
let prepared: string
const made: string[] = []

beforeAll(async () => {
  prepared = await givenDataDir()
  await (await startEmbeddedPostgres({ dataDir: prepared, parameters: quick })).stop()
}, minuteMs)

afterAll(async () => {
  for (const dataDir of made) await rm(dataDir, { recursive: true, force: true })
})

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step()
  // A server whose process was killed may still be shutting down.
  for (const dataDir of made) await until(async () => (await listServers(dataDir)).length === 0)
})

test(
  'a first start gives a superuser, an owner and an application role',
  { timeout: minuteMs },
  async () => {
    const server = await start(await givenDataDir())
    const who =
      'select current_user as name, rolsuper, rolcreaterole, rolcreatedb, current_database() as database from pg_roles where rolname = current_user'
    const plain = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, database: 'ashlar' }

    expect(await query(server.adminUrl, who)).toMatchObject([
      { name: 'postgres', rolsuper: true, database: 'postgres' },
    ])
    expect(await query(server.ownerUrl, who)).toEqual([{ name: 'ashlar_owner', ...plain }])
    expect(await query(server.appUrl, who)).toEqual([{ name: 'ashlar_app', ...plain }])
    expect(server.adopted).toBe(false)
  },
)

test(
  'the database speaks UTF-8, brings its extensions and checks its pages',
  { timeout: minuteMs },
  async () => {
    const server = await start(prepared)
    const extensions = await query(
      server.ownerUrl,
      'select extname from pg_extension order by extname',
    )
    const settings = await query(
      server.ownerUrl,
      `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
      current_setting('TimeZone') as zone, upper('größe') as upper, 'Ärger' ~ '^\\w+$' as letters,
      show_trgm('ä') <> '{}' as trigrams`,
    )

    expect(extensions.map((row) => row['extname'])).toEqual(
      expect.arrayContaining(['btree_gin', 'citext', 'pg_trgm', 'pgcrypto', 'unaccent']),
    )
    expect(settings).toEqual([
      {
        encoding: 'UTF8',
        checksums: 'on',
        zone: 'UTC',
        upper: 'GRÖßE',
        letters: true,
        trigrams: true,
      },
    ])
  },
)

test(
  'the application role creates nothing, and uses what the owner grants',
  { timeout: minuteMs },
  async () => {
    const server = await start(prepared)
    await query(
      server.ownerUrl,
      'create table things (id integer); grant usage on schema public to ashlar_app; grant select on things to ashlar_app',
    )

    await expect(query(server.appUrl, 'create table mine (id integer)')).rejects.toMatchObject({
      code: '42501',
    })
    await expect(
      query(server.appUrl, 'create temporary table mine (id integer)'),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(query(server.appUrl, 'create schema mine')).rejects.toMatchObject({
      code: '42501',
    })
    await expect(query(server.appUrl, 'drop table things')).rejects.toMatchObject({ code: '42501' })
    expect(await query(server.appUrl, 'select * from things')).toEqual([])
  },
)

test(
  'passwords lie in a file for its owner only, and the wrong one is refused',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    const server = await start(dataDir)
    const wrong = new URL(server.appUrl)
    wrong.password = 'wrong'

    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect((await stat(layoutOf(dataDir).credentials)).mode & 0o777).toBe(0o600)
    expect((await stat(layoutOf(dataDir).home)).mode & 0o777).toBe(0o700)
  },
)

test('rows are there after a stop, under the same addresses', { timeout: minuteMs }, async () => {
  const dataDir = prepared
  const first = await start(dataDir)
  await query(first.ownerUrl, 'create table stopped (id integer); insert into stopped values (7)')
  await first.stop()
  await first.stop()
  expect(await listServers(dataDir)).toEqual([])

  const second = await start(dataDir)
  expect(second.ownerUrl).toBe(first.ownerUrl)
  expect(await query(second.ownerUrl, 'select id from stopped')).toEqual([{ id: 7 }])
})

test(
  'a second start on the same directory names the holder and leaves it alone',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    const child = givenChild(dataDir, 'hold')
    await child.said('ready')

    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      reason: 'held',
      message: expect.stringMatching(
        new RegExp(
          `process ${child.pid}, running since 20.+Z, reachable at http://127.0.0.1:4000;`,
        ),
      ),
    })
    expect(await listServers(dataDir)).not.toEqual([])
  },
)

test(
  'of two processes that start at once one wins and the other is told so',
  { timeout: minuteMs },
  async () => {
    const dataDir = await givenDataDir()
    const children = [givenChild(dataDir, 'hold'), givenChild(dataDir, 'hold')]
    const answers = await Promise.all(children.map((child) => child.said('ready', 'error')))
    const refusal = answers.find((line) => line.startsWith('error'))
    const winner = children[answers.findIndex((line) => line.startsWith('ready'))]

    expect(answers.filter((line) => line.startsWith('ready'))).toHaveLength(1)
    expect(refusal).toContain(`is in use by process ${winner?.pid}`)
  },
)

test(
  'a killed server comes back under the same address with every acknowledged row',
  { timeout: minuteMs },
  async () => {
    const log: string[] = []
    const server = await startEmbeddedPostgres({
      dataDir: prepared,
      log: (line) => log.push(line),
    })
    undo.push(() => server.stop())
    await query(server.ownerUrl, 'create table killed as select generate_series(1, 500) as id')
    // A backend in the middle of a calculation does not notice, and keeps the memory of the killed server.
    const busy = query(
      server.ownerUrl,
      'select count(*) from generate_series(1, 2000000000)',
    ).catch(() => [])
    await sleep(200)

    const killed = server.pid
    signal(killed, 'SIGKILL')
    await until(() => server.pid !== killed)
    await busy

    expect(await query(server.ownerUrl, 'select count(*)::integer as count from killed')).toEqual([
      { count: 500 },
    ])
    expect(log).toContain(`the database server ${killed} ended unasked (SIGKILL)`)
  },
)

test(
  'a stop while the server is being started again leaves no process',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    const server = await start(dataDir)
    signal(server.pid, 'SIGKILL')
    await sleep(150)
    await server.stop()

    expect(await listServers(dataDir)).toEqual([])
  },
)

test('a server does not outlive its killed process', { timeout: minuteMs }, async (context) => {
  const { diesWithUs } = (await givenSite(prepared)).launcher
  context.skip(!diesWithUs, 'the kernel cannot be told here: there is no setpriv of util-linux')
  const child = givenChild(prepared, 'hold')
  await child.said('ready')
  expect(await listServers(prepared)).not.toEqual([])

  child.kill()
  await child.closed
  await until(async () => (await listServers(prepared)).length === 0)
})

test(
  'kill -9 of the process loses no acknowledged row and leaves no server',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    let told = 0
    for (let round = 0; round < 2; round++) {
      const child = givenChild(dataDir, round === 0 ? 'write' : 'hold')
      await child.said(round === 0 ? 'row 300' : 'ready')
      child.kill()
      await child.closed
      told = Math.max(told, ...child.lines.map((line) => Number(/^row (\d+)/.exec(line)?.[1] ?? 0)))
    }
    const server = await startEmbeddedPostgres({ dataDir })
    undo.push(() => server.stop())
    const [row] = await query(
      server.ownerUrl,
      'select count(*)::integer as count, max(number) as highest from acknowledged',
    )

    expect(told).toBeGreaterThanOrEqual(300)
    // One more may have been stored whose confirmation nobody heard.
    expect([told, told + 1]).toContain(row?.['highest'])
    expect(row?.['count']).toBe(row?.['highest'])
    await server.stop()
    expect(await listServers(dataDir)).toEqual([])
  },
)

test('kill -9 of everything at once is recovered from', { timeout: minuteMs }, async () => {
  const dataDir = prepared
  const child = givenChild(dataDir, 'write')
  await child.said('row 100')
  const servers = await listServers(dataDir)
  child.kill()
  for (const pid of servers) signal(pid, 'SIGKILL')
  await child.closed
  const told = child.lines.filter((line) => line.startsWith('row')).length

  const server = await start(dataDir)
  const [row] = await query(server.ownerUrl, 'select count(*)::integer as count from acknowledged')
  expect(row?.['count']).toBeGreaterThanOrEqual(told)
})

test(
  'a server left running is taken over, supervised and stopped',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    const left = await givenLeftServer(dataDir)

    const server = await start(dataDir)
    expect(server).toMatchObject({ adopted: true, pid: left.pid })
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])

    signal(left.pid, 'SIGKILL')
    await until(() => server.pid !== left.pid)
    expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    expect(await listServers(dataDir)).toEqual([])
  },
)

test('a server that is shutting down is waited for', { timeout: minuteMs }, async () => {
  const dataDir = prepared
  const left = await givenLeftServer(dataDir)
  signal(left.pid, 'SIGINT')

  const server = await start(dataDir)
  expect(server.adopted).toBe(false)
  expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test(
  'a stale postmaster.pid with the number of another living process is no obstacle',
  { timeout: minuteMs },
  async () => {
    const dataDir = prepared
    const path = join(layoutOf(dataDir).cluster, 'postmaster.pid')
    await writeFile(path, `${process.ppid}\n${layoutOf(dataDir).cluster}\n1\n29999\n`)

    expect((await start(dataDir)).adopted).toBe(false)
  },
)

test(
  'a port that is taken is replaced, a setting that is wrong is told in the server words',
  {
    timeout: minuteMs,
  },
  async () => {
    const first = await start(prepared)
    const { port } = new URL(first.appUrl)
    await first.stop()
    const intruder = createServer().listen(Number(port), '127.0.0.1')
    undo.push(async () => intruder.close())

    const second = await start(prepared)
    expect(new URL(second.appUrl).port).not.toBe(port)
    await second.stop()
    await expect(
      startEmbeddedPostgres({ dataDir: prepared, parameters: { shared_buffers: 'plenty' } }),
    ).rejects.toMatchObject({ reason: 'failed', message: expect.stringContaining('"plenty"') })
  },
)

// Counted from the moment in which initdb begins; the whole first start takes about a second.
for (const delayMs of [0, 250, 600, 1013])
  test(
    `a first start killed after ${delayMs} ms is begun anew or continued`,
    { timeout: minuteMs },
    async () => {
      const dataDir = await givenDataDir()
      const child = givenChild(dataDir, 'hold')
      await child.said('progress preparing')
      await sleep(delayMs)
      child.kill()
      await child.closed

      const server = await start(dataDir)
      expect(await query(server.appUrl, 'select 1 as one')).toEqual([{ one: 1 }])
      expect(
        await query(
          server.ownerUrl,
          `select count(*)::integer as count from pg_extension where extname <> 'plpgsql'`,
        ),
      ).toEqual([{ count: 5 }])
      const { home, stagingPrefix } = layoutOf(dataDir)
      expect((await readdir(home)).filter((name) => name.startsWith(stagingPrefix))).toEqual([])
    },
  )

test('data without its passwords is reported, not replaced', { timeout: minuteMs }, async () => {
  const dataDir = prepared
  const { credentials } = layoutOf(dataDir)
  const saved = await readFile(credentials, 'utf8')
  await rm(credentials)
  undo.push(() => writeFile(credentials, saved, { mode: 0o600 }))

  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    reason: 'damaged',
    message: expect.stringContaining(credentials),
  })
  await writeFile(credentials, saved, { mode: 0o600 })
  expect(await query((await start(dataDir)).ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('data of another PostgreSQL version is refused untouched', { timeout: minuteMs }, async () => {
  const dataDir = prepared
  const path = join(layoutOf(dataDir).cluster, 'PG_VERSION')
  await writeFile(path, '17\n')
  undo.push(() => writeFile(path, '18\n'))

  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    reason: 'damaged',
    message: expect.stringContaining('made by PostgreSQL 17'),
  })
})

async function givenDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ashlar-embedded-'))
  made.push(dataDir)
  return dataDir
}

async function listServers(dataDir: string): Promise<readonly number[]> {
  const { cluster } = layoutOf(dataDir)
  return existsSync(cluster) ? listServersOf(cluster) : []
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, parameters: quick })
  undo.push(() => server.stop())
  return server
}

/** A running server that nobody holds, as it stays behind where the kernel cannot tie it to its parent. */
async function givenLeftServer(dataDir: string) {
  return startServer(await givenSite(dataDir), await choosePort(layoutOf(dataDir)))
}

async function givenSite(dataDir: string): Promise<Site> {
  const layout = layoutOf(dataDir)
  const binaries = await findBinaries(layout.libraries)
  const launcher = await chooseLauncher(binaries, layout)
  const credentials = await getCredentials(layout)
  const told = { onProgress: silent, log: silent }
  return { layout, binaries, launcher, credentials, parameters: quick, ...told }
}

function givenChild(dataDir: string, task: 'hold' | 'write') {
  const script = fileURLToPath(new URL('embedded.child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dataDir, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  undo.push(async () => {
    kill(child)
    await closed
  })
  const said = async (...words: string[]) => {
    const find = () => lines.find((line) => words.some((word) => line.startsWith(word)))
    await until(() => find() !== undefined || child.exitCode !== null)
    const line = find()
    if (line === undefined) throw new Error(`the child ended having said: ${lines.join('; ')}`)
    return line
  }
  return { pid: child.pid, lines, said, closed, kill: () => kill(child) }
}

function kill(child: ChildProcess): void {
  child.kill('SIGKILL')
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + minuteMs / 2
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true within 30 s')
    await sleep(20)
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, ssl: false })
  client.on('error', silent)
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
