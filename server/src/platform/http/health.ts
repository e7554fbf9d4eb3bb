/** Health: is the process alive, may it be sent requests, and how are the parts it stands on. */
import { statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { Type } from 'typebox'
import type { App } from './app.ts'
import { choice } from './schemas.ts'

const states = ['pass', 'warn', 'fail'] as const
type State = (typeof states)[number]

export type Check = {
  readonly status: State
  readonly detail?: string
  readonly [figure: string]: unknown
}
export type Checks = Readonly<Record<string, () => Promise<Check>>>

export type HealthOptions = {
  readonly checks: Checks
  /** Names of the checks without which no request can be served. */
  readonly required: readonly string[]
  readonly isDraining: () => boolean
  readonly version: string
  /** Told when a check begins to fail, with the reason, and when it fails no more, with null. */
  readonly onTurn?: (name: string, reason: unknown) => void
}

/** Probes ask every few seconds, from several places: one round of checks serves them all. */
const cacheMs = 1_000
/** A part that does not answer in this time counts as failed; the probe itself must never hang. */
const checkTimeoutMs = 2_000
/** The event loop was busy for longer than this: time for the balancer to look elsewhere. */
const lagFailMs = 1_000
const lateDetail = 'no answer in time'
const failedDetail = 'not reachable'

type Report = {
  readonly status: State
  readonly checks: Record<string, Check>
  /** Why each that fails does so. */
  readonly reasons: ReadonlyMap<string, unknown>
  readonly at: number
}

export const Health = Type.Object({
  status: choice(states),
  version: Type.String(),
  checks: Type.Record(
    Type.String(),
    Type.Object(
      { status: choice(states), detail: Type.Optional(Type.String()) },
      { additionalProperties: true },
    ),
  ),
})

export type HealthReader = () => Promise<Report>

/** The report, as often as anybody asks for it: one round of checks serves all who ask within a second. */
export function openHealth(options: HealthOptions): HealthReader {
  let running: Promise<Report> | null = null
  let latest: Report | null = null
  const failing = new Set<string>()
  const onOutcome = (name: string, status: State, reason: unknown) => {
    const isFailing = status === 'fail'
    if (isFailing === failing.has(name)) return
    if (isFailing) failing.add(name)
    else failing.delete(name)
    options.onTurn?.(name, isFailing ? reason : null)
  }
  return async () => {
    if (latest && Date.now() - latest.at < cacheMs) return latest
    running ??= runChecks(options.checks, onOutcome).finally(() => {
      running = null
    })
    latest = await running
    return latest
  }
}

export async function healthRoutes(
  app: App,
  options: HealthOptions,
  report = openHealth(options),
): Promise<void> {
  const bare = { public: true, isBare: true } as const
  // Whoever restarts processes must always hear that this one lives; the reports are for a few probes, not for a flood.
  const config = { ...bare, limits: [{ policy: 'health', by: 'client' }] } as const

  app.get('/livez', {
    config: bare,
    schema: {
      operationId: 'health.live',
      summary: 'The process runs',
      response: { 200: Type.Object({ status: choice(['pass']) }) },
    },
    handler: async () => ({ status: 'pass' as const }),
  })

  const Ready = Type.Object({ status: choice(states), failed: Type.Array(Type.String()) })
  app.get('/readyz', {
    config,
    schema: {
      operationId: 'health.ready',
      summary: 'The process may be sent requests',
      response: { 200: Ready, 503: Ready },
    },
    handler: async (_request, reply) => {
      const { checks } = await report()
      const failed = options.required.filter((name) => checks[name]?.status === 'fail')
      if (options.isDraining()) failed.push('draining')
      const isReady = failed.length === 0
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'pass' : 'fail', failed })
    },
  })

  for (const url of ['/health', '/api/v1/health'])
    app.get(url, {
      config,
      schema: {
        operationId: url === '/health' ? 'health.report' : 'health.reportAlias',
        summary: 'How every part is doing, with figures',
        response: { 200: Health, 503: Health },
      },
      handler: async (_request, reply) => {
        const { status, checks } = await report()
        return reply
          .code(status === 'fail' ? 503 : 200)
          .send({ status, version: options.version, checks })
      },
    })
}

type Memory = {
  readonly rss: number
  readonly heapUsed: number
  /** What the container may have: who goes beyond is killed, whatever the machine has left. None: 0, or more than there is. */
  readonly limit: number
  readonly free: number
  readonly total: number
}

const readMemory = (): Memory => ({
  ...process.memoryUsage(),
  limit: process.constrainedMemory(),
  free: freemem(),
  total: totalmem(),
})

/** Figures of the machine: memory of the process and disk of the data directory. */
export function machineChecks(
  dataDir: string,
  lagMs: () => number,
  memory: () => Memory = readMemory,
): Checks {
  return {
    memory: async () => {
      const { rss, heapUsed, limit, free, total } = memory()
      const isLimited = limit > 0 && limit < total
      const [machineShare, ownShare] = [free / total, isLimited ? 1 - rss / limit : 1]
      return {
        status: Math.min(machineShare, ownShare) < 0.05 ? 'warn' : 'pass',
        rssBytes: rss,
        heapUsedBytes: heapUsed,
        machineFreeShare: Number(machineShare.toFixed(3)),
        ...(isLimited ? { limitBytes: limit, limitFreeShare: Number(ownShare.toFixed(3)) } : {}),
      }
    },
    disk: async () => {
      const { bavail, blocks, bsize } = await statfs(dataDir)
      const freeShare = blocks === 0 ? 1 : bavail / blocks
      return {
        status: freeShare < 0.02 ? 'fail' : freeShare < 0.1 ? 'warn' : 'pass',
        freeBytes: bavail * bsize,
        freeShare: Number(freeShare.toFixed(3)),
      }
    },
    eventLoop: async () => {
      const lag = lagMs()
      return { status: lag > lagFailMs ? 'fail' : 'pass', lagMs: Math.round(lag) }
    },
  }
}

type OnOutcome = (name: string, status: State, reason: unknown) => void

async function runChecks(checks: Checks, onOutcome: OnOutcome): Promise<Report> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, ask]) => {
      const started = performance.now()
      const { shown, reason } = await withTimeout(ask)
      onOutcome(name, shown.status, reason)
      const check = { ...shown, durationMs: Math.round(performance.now() - started) }
      return { name, check, reason }
    }),
  )
  const worst = entries.map(({ check }) => check.status)
  const status = worst.includes('fail') ? 'fail' : worst.includes('warn') ? 'warn' : 'pass'
  const failed = entries.filter(({ check }) => check.status === 'fail')
  return {
    status,
    checks: Object.fromEntries(entries.map(({ name, check }) => [name, check])),
    reasons: new Map(failed.map(({ name, reason }) => [name, reason])),
    at: Date.now(),
  }
}

/** The report is public: why something failed, with addresses and paths, is for the log. */
async function withTimeout(
  check: () => Promise<Check>,
): Promise<{ shown: Check; reason: unknown }> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'fail', detail: lateDetail }), checkTimeoutMs)
  })
  try {
    const found = await Promise.race([check(), late])
    if (found.status !== 'fail' || found.detail === undefined || found.detail === lateDetail)
      return { shown: found, reason: found.detail }
    return { shown: { ...found, detail: failedDetail }, reason: found.detail }
  } catch (error) {
    return { shown: { status: 'fail', detail: failedDetail }, reason: error }
  } finally {
    clearTimeout(timer)
  }
}
