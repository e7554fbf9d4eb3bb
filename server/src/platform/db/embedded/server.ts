/** One run of the PostgreSQL server: finding one that was left behind, starting, waiting for it, stopping it. */
import { execFile, type ChildProcess } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { askForCluster } from './connection.ts'
import { urlOf, type Credentials } from './credentials.ts'
import { codeOf, EmbeddedPostgresError, messageOf } from './failure.ts'
import type { Layout } from './files.ts'
import type { Launcher } from './launcher.ts'
import { serverArguments } from './parameters.ts'
import {
  findProcessToken,
  isNumberTaken,
  isRunning,
  isServerOf,
  listServersOf,
  signal as sendSignal,
} from './processes.ts'

/** All that runs of the server have in common. */
export type Site = {
  readonly layout: Layout
  readonly binaries: Binaries
  readonly launcher: Launcher
  readonly credentials: Credentials
  readonly parameters: Readonly<Record<string, string>>
  readonly onProgress: (line: string) => void
  readonly log: (line: string) => void
}

export type Server = {
  readonly pid: number
  readonly port: number
  readonly adopted: boolean
  /** Settles when the process is gone, with how it ended. Never rejects. */
  readonly ended: Promise<string>
}

/** From start to the first answered query. Recovery after a crash replays up to max_wal_size (1 GB) of log. */
const readyTimeoutMs = 120_000
/** How long a server left behind may take to answer or to finish its shutdown before it is stopped the hard way. */
const leftoverTimeoutMs = 60_000
/** A fast shutdown ends transactions and writes a checkpoint: at most shared_buffers (128 MB) to disk. */
const fastShutdownMs = 20_000
/** An immediate shutdown only ends processes; the next start recovers. After this they are killed. */
const immediateShutdownMs = 5_000
const pollMs = 25
/** A server whose log does not say that it is ready (settings may silence it) is asked this often. */
const questionPauseMs = 1_000
/** How often an adopted server, which is not our child, is looked at. */
const watchMs = 250
const keptLogLines = 40
const lastWordsMs = 1_000

/**
 * The server that a killed process left running on this directory, once it answers; null when there is none or it
 * has ended. What hinders a new one afterwards (backends without their server, a stale postmaster.pid) is gone then.
 * @throws EmbeddedPostgresError `damaged` when the server is not ours, `failed` when it cannot be ended
 */
export async function findLeftover(site: Site, signal?: AbortSignal): Promise<Server | null> {
  const { cluster } = site.layout
  const deadline = performance.now() + leftoverTimeoutMs
  let isHurried = false
  for (;;) {
    signal?.throwIfAborted()
    const found = await findPostmaster(cluster)
    if (!found) break
    const adminUrl = urlOf('admin', site.credentials, found.port, 'postgres')
    const answer = found.port > 0 ? await askForCluster(adminUrl, cluster) : 'not yet'
    if (answer === 'yes') return adopt(found.pid, found.token, found.port)
    if (answer === 'stranger')
      throw new EmbeddedPostgresError(
        'damaged',
        `process ${found.pid} serves ${cluster} and does not accept the passwords in ${site.layout.credentials}; stop it first`,
      )
    if (performance.now() > deadline) {
      if (isHurried || !found.isCertain)
        throw new EmbeddedPostgresError(
          'failed',
          `process ${found.pid} holds ${cluster}, does not answer and does not end; stop it first`,
        )
      isHurried = true
      site.log(`ending the unresponsive database server ${found.pid}`)
      await stopServer(site, adopt(found.pid, found.token, found.port), 'immediate')
    }
    await sleep(pollMs)
  }
  await endOrphans(site)
  return null
}

/**
 * Starts the server and waits until it answers.
 * @throws EmbeddedPostgresError `failed` with the end of its log; see isPassing
 */
export async function startServer(site: Site, port: number, signal?: AbortSignal): Promise<Server> {
  const { layout, launcher, binaries } = site
  const child = launcher.spawn(
    binaries.postgres,
    serverArguments(layout.cluster, port, site.parameters),
  )
  const log = followLog(child, site)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)))
    child.once('exit', (code, name) => resolve(name ?? `exit code ${code}`))
  })
  const server: Server = { pid: child.pid ?? 0, port, adopted: false, ended }
  const adminUrl = urlOf('admin', site.credentials, port, 'postgres')
  const deadline = performance.now() + readyTimeoutMs
  let nextQuestion = performance.now() + questionPauseMs
  for (;;) {
    const end = await Promise.race([ended, sleep(pollMs, null)])
    if (end !== null) {
      // Its last words may still be on their way; a process that shares its pipes must not keep us, though.
      await Promise.race([log.closed, sleep(lastWordsMs)])
      throw failedStart(`PostgreSQL ended with ${end}`, log.lines)
    }
    if (log.isReady() || performance.now() > nextQuestion) {
      if ((await askForCluster(adminUrl, layout.cluster)) === 'yes') return server
      nextQuestion = performance.now() + questionPauseMs
    }
    if (signal?.aborted || performance.now() > deadline) {
      await stopServer(site, server, 'immediate')
      signal?.throwIfAborted()
      throw failedStart(`PostgreSQL did not answer within ${readyTimeoutMs / 1000} s`, log.lines)
    }
  }
}

/** Whether another start may succeed: with another port, or a moment later. */
export function isPassing(error: unknown): 'port taken' | 'memory in use' | null {
  if (!(error instanceof EmbeddedPostgresError)) return null
  if (error.message.includes('could not bind')) return 'port taken'
  // Backends of a killed server that we have no right to see or end; they end when they next look.
  return error.message.includes('is still in use') ? 'memory in use' : null
}

/** Fast: ends transactions, writes a checkpoint. Immediate: ends at once, the next start recovers. Both are bounded. */
export async function stopServer(
  site: Site,
  server: Server,
  mode: 'fast' | 'immediate',
): Promise<void> {
  const steps = [
    ...(mode === 'fast' ? [['SIGINT', fastShutdownMs] as const] : []),
    ['SIGQUIT', immediateShutdownMs] as const,
    ['SIGKILL', immediateShutdownMs] as const,
  ]
  const ended = server.ended.then(() => true)
  for (const [name, patienceMs] of steps) {
    await tell(site.binaries, server.pid, name)
    const abort = new AbortController()
    const patience = sleep(patienceMs, false, { signal: abort.signal }).catch(() => false)
    const isOver = await Promise.race([ended, patience])
    abort.abort()
    if (isOver) return
    site.log(
      `the database server ${server.pid} did not end on ${name} within ${patienceMs / 1000} s`,
    )
  }
  throw new EmbeddedPostgresError('failed', `the database server ${server.pid} cannot be ended`)
}

function adopt(pid: number, token: string, port: number): Server {
  const watch = async () => {
    while (await isRunning(pid, token)) await sleep(watchMs)
    return 'no exit code, since it was not our child'
  }
  return { pid, port, adopted: true, ended: watch() }
}

/** Reads postmaster.pid: process id in the first line, port in the fourth, which is missing while it starts. */
async function findPostmaster(cluster: string) {
  const path = join(cluster, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const lines = text.split('\n')
  const pid = Number(lines[0])
  const isServer = Number.isInteger(pid) && pid > 0 ? await isServerOf(cluster, pid) : 'no'
  const token = isServer === 'no' ? null : await findProcessToken(pid)
  if (token !== null)
    return { pid, token, port: Number(lines[3] ?? 0), isCertain: isServer === 'yes' }
  // PostgreSQL overwrites a stale file itself and removes its shared memory, but takes any process with that number,
  // even a zombie, for the owner. The memory of a server that still has backends is found without the file too.
  if (!(pid > 0) || isNumberTaken(pid)) await rm(path, { force: true })
  return null
}

/** Backends outlive a killed server until they next look; they hold its shared memory, and no new one can start. */
async function endOrphans(site: Site): Promise<void> {
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    const deadline = performance.now() + immediateShutdownMs
    const orphans = await listServersOf(site.layout.cluster)
    if (orphans.length === 0) return
    for (const pid of orphans) sendSignal(pid, name)
    while (performance.now() < deadline) {
      if ((await listServersOf(site.layout.cluster)).length === 0) return
      await sleep(pollMs)
    }
  }
  throw new EmbeddedPostgresError(
    'failed',
    `processes of an earlier database server in ${site.layout.cluster} cannot be ended`,
  )
}

/** Windows has no signals; pg_ctl knows how the server there is told. */
async function tell(binaries: Binaries, pid: number, name: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') {
  if (process.platform === 'win32' && name !== 'SIGKILL')
    await promisify(execFile)(binaries.pgCtl, ['kill', name.slice('SIG'.length), String(pid)])
  else sendSignal(pid, name)
}

function followLog(child: ChildProcess, site: Site) {
  const kept: string[] = []
  let isReady = false
  const receive = (line: string) => {
    kept.push(line)
    if (kept.length > keptLogLines) kept.shift()
    if (line.includes('ready to accept connections')) isReady = true
    if (line.includes('automatic recovery in progress'))
      site.onProgress('recovering the database after an unclean stop…')
    site.log(line)
  }
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on('line', receive)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { lines: kept, isReady: () => isReady, closed }
}

function failedStart(what: string, lines: readonly string[]): EmbeddedPostgresError {
  return new EmbeddedPostgresError('failed', [`${what}; its last words:`, ...lines].join('\n'))
}
