/** The processes of a trial, each of its own: servers, workers and the stand-in for Stripe; killed, and started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Location } from '../../server/src/app/database.ts'
import { preload } from '../../server/src/app/preload.ts'
import type { CrashPoint } from '../../server/src/platform/crash-points.ts'
import { freePort } from '../running.ts'

export const stripeKey = 'sk_test_of_a_trial'
export const webhookSecret = 'whsec_of_a_trial, long enough to pass as one: 90fd1c'
const secretKey = 'a key for trials, long enough to pass as one: 4c7e02'
const startTimeoutMs = 120_000
const pollMs = 25

/** Where it kills itself, and at which pass. */
export type CrashPlan = `${CrashPoint}:${number}`

export type Member = {
  readonly name: string
  /** Empty for a worker: nobody speaks to it. */
  readonly url: string
  isAlive(): boolean
  /** The last of what it has printed. */
  output(): string
  /** Resolves when it has ended, however that happened; `SIGKILL` when it was killed. */
  readonly ended: Promise<NodeJS.Signals | null>
  /** Stands still, in the middle of whatever it does, until it is woken. */
  freeze(): void
  wake(): void
  kill(): Promise<void>
  stop(): Promise<void>
}

export type Place = {
  readonly location: Location
  readonly dataDir: string
  readonly twinUrl: string
}

/** What one has compiled the next need not. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))
const entries = {
  api: fileURLToPath(new URL('../../server/src/app/api-process.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../../server/src/app/worker-process.ts', import.meta.url)),
  twin: fileURLToPath(new URL('../../twins/src/stripe/main.ts', import.meta.url)),
}

/** Cheap hashes, and patience with a machine that is slow: a trial is about what happens, not about how fast. */
export function environmentOf({ location, dataDir, twinUrl }: Place) {
  return {
    NODE_ENV: 'test',
    SECRET_KEY: secretKey,
    // Tokens name it, and are everybody's.
    PUBLIC_URL: 'http://localhost:5000',
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: dataDir,
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_API_URL: twinUrl,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    PASSWORD_HASH_MEMORY_KIB: '1024',
    PASSWORD_HASH_ITERATIONS: '1',
    RATE_LIMIT_ENABLED: 'false',
    MONITORING_FLUSH_INTERVAL: '1h',
    SHUTDOWN_TIMEOUT: '5',
    LOG_LEVEL: 'warn',
  }
}

export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ashlar-trial-'))
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Ready to be sent requests, when it resolves. */
export async function startApi(place: Place, crash: readonly CrashPlan[] = []): Promise<Member> {
  const port = await freePort()
  const member = startPart('api', place, crash, { PORT: String(port) }, `http://127.0.0.1:${port}`)
  await untilAnswers(member, `${member.url}/livez`)
  return member
}

/** Takes jobs, when it resolves; or has ended already, at one of them. */
export async function startWorker(place: Place, crash: readonly CrashPlan[] = []): Promise<Member> {
  const member = startPart('worker', place, crash, { LOG_LEVEL: 'info' }, '')
  const until = Date.now() + startTimeoutMs
  while (member.isAlive() && !member.output().includes('workers started')) {
    if (Date.now() > until) throw new Error(`${member.name} takes no jobs:\n${member.output()}`)
    await pause(pollMs)
  }
  return member
}

export async function startTwin(webhookUrl: string): Promise<Member> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = fork(
    entries.twin,
    Object.entries({
      '--port': String(port),
      '--api-key': stripeKey,
      '--webhook': webhookUrl,
      '--webhook-secret': webhookSecret,
    }).flat(),
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  )
  const member = memberOf('twin', url, child)
  await untilAnswers(member, url)
  return member
}

function startPart(
  part: 'api' | 'worker',
  place: Place,
  crash: readonly CrashPlan[],
  own: Readonly<Record<string, string>>,
  url: string,
): Member {
  const child = fork(entries[part], [], {
    execArgv: [...preload],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compiled,
      ...environmentOf(place),
      ...own,
      ...(crash.length === 0 ? {} : { ASHLAR_CRASH: crash.join(',') }),
    },
  })
  return memberOf(part, url, child)
}

function memberOf(part: string, url: string, child: ChildProcess): Member {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output = (output + String(chunk)).slice(-20_000)))
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const ended = once(child, 'exit').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    // By itself it may only end when it is told to; anything else is not what a trial is about.
    if (typeof code === 'number' && code !== 0)
      throw new Error(`${part} ended with ${code}:\n${output}`)
    return signal as NodeJS.Signals | null
  })
  ended.catch(() => {})
  const endBy = async (signal: NodeJS.Signals) => {
    if (isAlive()) child.kill(signal)
    await ended.catch(() => {})
  }
  return {
    name: `${part} ${child.pid}`,
    url,
    isAlive,
    output: () => output,
    ended,
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    kill: () => endBy('SIGKILL'),
    stop: async () => {
      // One that stands still hears nothing.
      if (isAlive()) child.kill('SIGCONT')
      const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await endBy('SIGTERM')
      clearTimeout(deadline)
    },
  }
}

async function untilAnswers(member: Member, url: string): Promise<void> {
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until) {
    if (!member.isAlive()) {
      await member.ended
      throw new Error(`${member.name} ended before it answered`)
    }
    const reply = await fetch(url).catch(() => null)
    await reply?.arrayBuffer()
    if (reply) return
    await pause(pollMs)
  }
  await member.kill()
  throw new Error(`${member.name} does not answer`)
}
