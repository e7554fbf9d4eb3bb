/** A real server in processes of its own: started as its user starts it, killed as the night kills it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'

const bin = path.resolve(import.meta.dirname, '../server/bin/ashlar.js')
const startTimeoutMs = 120_000

export type Environment = Readonly<Record<string, string>>
export type Running = {
  readonly url: string
  readonly metricsUrl: string
  readonly child: ChildProcess
  /** Everything it has printed so far. */
  readonly output: () => string
  /** Ends it in good order; resolves with its exit code. */
  stop(): Promise<number | null>
  /** kill -9 of it and of everything it started, at once. */
  killAll(): Promise<void>
}

/** Only what a shell would have: no setting of the machine that runs the tests reaches the server. */
const bareEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
  // They have ports of their own, which only one server at a time can have.
  TWINS_ENABLED: 'false',
}

export async function dataDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ashlar-e2e-'))
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Starts a server and waits until it may be sent requests. */
export async function start(environment: Environment, command = ['start']): Promise<Running> {
  const port = environment['PORT'] ?? String(await freePort())
  const metricsPort = String(await freePort())
  const child = spawn(process.execPath, [bin, ...command], {
    env: { ...bareEnvironment, PORT: port, METRICS_PORT: metricsPort, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output += String(chunk)))
  const url = `http://localhost:${port}`
  const until = Date.now() + startTimeoutMs
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > until) {
      await killTree(child.pid ?? 0)
      throw new Error(`the server did not start (${child.exitCode}):\n${output}`)
    }
    await pause(100)
  }
  return {
    url,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    child,
    output: () => output,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      return child.exitCode
    },
    killAll: async () => {
      await killTree(child.pid ?? 0)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** Runs a command to its end; `input` is what somebody types. */
export async function run(
  args: readonly string[],
  environment: Environment,
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const running = promisify(execFile)(process.execPath, [bin, ...args], {
      env: { ...bareEnvironment, ...environment },
      timeout: startTimeoutMs,
    })
    running.child.stdin?.end(input)
    const { stdout, stderr } = await running
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The process and all that descend from it, as `/proc` tells. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (stat !== '') parents.set(Number(name), parent)
  }
  const found = [pid]
  for (const known of found)
    for (const [child, parent] of parents) if (parent === known) found.push(child)
  return found
}

async function killTree(pid: number): Promise<void> {
  for (const one of await descendantsOf(pid)) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}
