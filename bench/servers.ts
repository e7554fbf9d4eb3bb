/** The processes of a run: PostgreSQL, Ashlar as production runs it, the bare server, the load generator. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BareMessage, BareOptions } from './bare.ts'
import type { Sample, Usage } from './figures.ts'
import type { Measured, Order, Outcome } from './load.ts'
import type { PostingOrder } from './posting.ts'
import { publicUrl, webhookSecret } from './workloads.ts'

export type Server = {
  readonly url: string
  findUsage(): Promise<Usage>
  stop(): Promise<void>
}

export type LoadGenerator = {
  /** @throws Error when an answer was missing or was no success */
  measure(order: Order): Promise<Measured>
  stop(): Promise<void>
}

const startTimeoutMs = 60_000
const readyPollMs = 100
/** The drain notice of production, and a margin; then the process is killed. */
const stopTimeoutMs = 15_000
/** So many that nobody is refused, while every request is still counted, announced and shared. */
const rateLimit = '1000000'
/** A third of the most that an exact limit may be: the limit of an address is three times that of an account. */
const authRateLimit = '333'
/** The most connections either server opens: pool size and overflow as they are by default. */
export const databaseConnections = 20

/** Starts the API in production mode with every guard, the log and the metrics on. */
export async function startAshlar(options: {
  readonly dir: string
  readonly appUrl: string
  readonly ownerUrl: string
  readonly profileDir: string | null
  /** False where one client asks what many would: nobody is refused. Default true. */
  readonly hasLimits?: boolean
}): Promise<Server> {
  const [port, metricsPort] = await takePorts(2)
  const home = path.join(options.dir, 'ashlar')
  await mkdir(home, { mode: 0o700 })
  const logFile = path.join(home, 'log')
  const log = await open(logFile, 'a')
  const entry = fileURLToPath(new URL('../server/bin/ashlar.js', import.meta.url))
  const profiling = options.profileDir
    ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(options.profileDir)}`]
    : []
  const child = spawn(process.execPath, [...profiling, entry, 'start', '--role', 'api'], {
    // A directory without `.env`, and an environment without anybody's settings.
    cwd: home,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      PUBLIC_URL: publicUrl,
      ASHLAR_DATA_DIR: path.join(home, 'data'),
      DATABASE_URL: options.appUrl,
      DATABASE_OWNER_URL: options.ownerUrl,
      SECRET_KEY: randomBytes(48).toString('base64'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      EMAIL_FROM: 'bench@example.com',
      SMTP_HOST: 'mail.example.com',
      // Of a shape that production takes; nobody here speaks to Stripe.
      STRIPE_SECRET_KEY: `sk_live_${randomBytes(24).toString('hex')}`,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      RATE_LIMIT_REQUESTS: rateLimit,
      AUTH_RATE_LIMIT_REQUESTS: authRateLimit,
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_ENABLED: String(options.hasLimits ?? true),
    },
  })
  await log.close()
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, `${url}/readyz`)
  } catch (error) {
    await stop(child)
    throw new Error(`Ashlar did not start:\n${await readFile(logFile, 'utf8')}`, { cause: error })
  }
  return {
    url,
    findUsage: async () => {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
      return {
        rssMb: valueOf('process_resident_memory_bytes') / 2 ** 20,
        cpuSeconds: valueOf('process_cpu_seconds_total'),
      }
    },
    stop: () => stop(child),
  }
}

export async function startBare(options: BareOptions): Promise<Server> {
  const child = fork(new URL('./bare.ts', import.meta.url))
  const { port } = await ask<BareMessage & { port: number }>(child, options)
  return {
    url: `http://127.0.0.1:${port}`,
    findUsage: () => ask<BareMessage & Usage>(child, 'usage'),
    stop: () => stop(child),
  }
}

export type Writers = {
  /** @throws Error when something could not be posted */
  measure(order: PostingOrder): Promise<Sample>
  stop(): Promise<void>
}

export function startWriters(): Writers {
  const child = fork(new URL('./posting.ts', import.meta.url))
  return {
    measure: async (order) => {
      const outcome = await ask<Sample | { failure: string }>(child, order)
      if ('failure' in outcome) throw new Error(`${order.by} did not post: ${outcome.failure}`)
      return outcome
    },
    stop: () => stop(child),
  }
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(new URL('./load.ts', import.meta.url))
  return {
    measure: async (order) => {
      const outcome = await ask<Outcome>(child, order)
      if ('failure' in outcome) throw new Error(`${order.url} did not answer: ${outcome.failure}`)
      return outcome
    },
    stop: () => stop(child),
  }
}

/** Sends a message and resolves to the next one that comes back. */
async function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  const ended = new AbortController()
  const end = () => ended.abort(new Error(`${child.spawnfile} ended while it was asked`))
  child.once('exit', end)
  try {
    const answer = once(child, 'message', { signal: ended.signal })
    child.send(message)
    return (await answer)[0] as T
  } finally {
    child.off('exit', end)
  }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`)
    const isReady = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) return
    await pause(readyPollMs)
  }
  throw new Error(`it was not ready after ${startTimeoutMs / 1000} s`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(deadline)
}

/** Ports that are free now. */
async function takePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
