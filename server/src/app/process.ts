/** One running process: everything it holds open, in the order it is opened, closed in reverse. */
import { mkdir } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { tendLog } from '../features/audit/index.ts'
import { findProgramAgain } from '../features/admin/index.ts'
import { openRecall } from '../features/auth/index.ts'
import { type Applier, inboxJobs, readInboxLag } from '../features/inbox/index.ts'
import { readLedgerFigures } from '../features/ledger/index.ts'
import { openRequestRecorder, readAlertFigures } from '../features/monitoring/index.ts'
import { readReconciliationFigures, reconciliationJobs } from '../features/reconciliation/index.ts'
import { readRecentPayments } from '../features/payments/index.ts'
import { type Invalidations, openInvalidations } from '../platform/cache/index.ts'
import { type ContextDeps, type Settings, createCtx } from '../platform/context.ts'
import { armCrashPoints } from '../platform/crash-points.ts'
import type { Database } from '../platform/db/index.ts'
import { type HealthOptions, machineChecks } from '../platform/http/health.ts'
import {
  type App,
  type Compilers,
  openCompleter,
  openRefusalTally,
} from '../platform/http/index.ts'
import { type JobCounts, type JobLog, type JobSystem, openJobs } from '../platform/jobs/index.ts'
import { type Limits, openLimits, openRedisPing } from '../platform/limits/index.ts'
import type { PasswordThread } from '../platform/passwords/index.ts'
import type { JobFigure, Log, Metrics } from '../platform/telemetry/index.ts'
import { ensureSigningKey, followRotations } from '../platform/tokens/index.ts'
import { systemActor } from './actors.ts'
import { buildApp } from './app.ts'
import { type Location, openDatabase } from './database.ts'
import { httpEvents, logTried } from './http-events.ts'
import { limitPolicies } from './limit-policies.ts'
import { maintenanceJobs } from './maintenance.ts'
import { publicMetricsOf } from './metrics-listener.ts'
import { type OpenPorts, type PortWatch, openPorts } from './ports.ts'
import { appliers as roomAppliers, reconciliationParts, roomJobs, traced } from './rooms.ts'

export type ProcessOptions = {
  readonly settings: Settings
  readonly location: Location
  readonly log: Log
  readonly metrics: Metrics
  /** How late the event loop is, for the health report. */
  readonly eventLoopLagMs: () => number
  readonly onFailure?: (error: unknown, requestId: string) => void
  readonly instrument?: (app: App) => Promise<void>
  /** The trace that the running code is recorded under; not given: none is. */
  readonly traceIdOf?: () => string | null
  /** What many of these in one operating system process have in common, as in tests; not given: nothing. */
  readonly common?: CommonParts
  /** What is done when a provider says that something has changed; not given: what the rooms do. */
  readonly appliers?: readonly Applier[]
  /** That no other process has this database, as in tests: a change of rights waits for nobody to hear of it. */
  readonly isAlone?: boolean
}

/** Costly to make, and the same for everybody. */
export type CommonParts = {
  readonly compilers: Compilers
  readonly passwordThread: PasswordThread
}

export type Process = {
  readonly database: Database
  readonly context: ContextDeps
  readonly jobs: JobSystem
  readonly limits: Limits
  readonly invalidations: Invalidations
  /** The HTTP server, not listening yet. */
  openApp(): Promise<App>
  /** Stores what was gathered in memory about requests. */
  flush(): Promise<void>
  /** From now on `/readyz` says no. */
  startDraining(): void
  close(): Promise<void>
}

export async function openProcess(options: ProcessOptions): Promise<Process> {
  const { settings, location, log, metrics, appliers = roomAppliers } = options
  armCrashPoints(settings.ashlarCrash)
  await mkdir(settings.ashlarDataDir, { recursive: true, mode: 0o700 })
  const database = openDatabase(settings, location, {
    onError: (error) => log.warn('an idle database connection was lost', { error }),
    onQuery: metrics.recordQuery,
  })
  const { db, pool } = database
  metrics.watchPool('application', () => ({
    total: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  }))
  const watch: PortWatch = {
    onBreachCheck: (outcome, error) => {
      metrics.recordBreachCheck(outcome)
      if (outcome === 'failed')
        log.warn('the list of breached passwords does not answer; a password went unchecked', {
          error,
        })
    },
    onTokenProblem: (message, error) => log.warn(message, { error }),
    onIdentityFailure: (provider, failure) =>
      log.warn('an identity provider named nobody', { provider, error: failure }),
  }
  const ports: OpenPorts = await openPorts(
    settings,
    db,
    watch,
    options.common?.passwordThread,
  ).catch(async (error: unknown) => {
    // Idle connections would keep the process that says why it cannot go on, for as long as they are kept.
    await database.close()
    throw error
  })
  const invalidations = openInvalidations({
    db,
    onLookup: metrics.recordCache,
    onError: (error) => log.warn('cannot read invalidations; caches are bypassed', { error }),
    onBack: (outage) => log.info('invalidations are read again', outage),
    ...(options.isAlone ? { isAlone: true } : {}),
  })
  const policies = limitPolicies(settings)
  const limits = openLimits({
    store:
      settings.redisUrl === undefined
        ? { kind: 'postgres', pool }
        : { kind: 'redis', url: settings.redisUrl },
    policies,
    isEnabled: settings.rateLimitEnabled,
    failClosed: settings.isProduction,
    trustedProxies: settings.trustedProxies,
    onStoreError: (error) => {
      metrics.recordRateLimitStoreError()
      log.warn('the store of rate limits does not answer', { error })
    },
  })
  // Limits that are off know nothing of the store that jobs are in all the same.
  const redisPing =
    settings.redisUrl === undefined || settings.rateLimitEnabled
      ? null
      : openRedisPing(settings.redisUrl)
  let jobs: JobSystem | null = null
  /** The application as the worker uses it, for requests that were left behind; opened with the first one. */
  let ownApp: Promise<App> | null = null
  const context: ContextDeps = {
    db,
    ports,
    settings,
    onCommit: ({ hasJobs, topics }) => {
      if (topics.length > 0) invalidations.forget(topics)
      if (hasJobs) jobs?.wake()
    },
  }
  const completeAbandoned = openCompleter({
    context,
    openApp: () =>
      (ownApp ??= openApp().catch((error: unknown) => {
        ownApp = null
        throw error
      })),
    recall: openRecall(context, findProgramAgain),
    onTried: logTried(log),
  })
  const stopFollowing = followRotations(ports.tokens, invalidations, (error) =>
    log.warn('cannot read the signing keys; trying again', { error }),
  )
  jobs = openJobs({
    db,
    databaseUrl: location.appUrl,
    databaseRole: location.role,
    redisUrl: settings.redisUrl ?? null,
    types: [
      ...roomJobs,
      ...inboxJobs(appliers),
      ...reconciliationJobs({ ...reconciliationParts, appliers }),
      ...maintenanceJobs({ db, completeAbandoned }),
      tendLog(location.ownerUrl),
    ],
    ctxFor: (actor, requestId) => createCtx(context, { actor, requestId }),
    log: jobLog(log),
  })
  const opened = jobs
  metrics.watchJobs(async () => figuresOf(await opened.counts()))
  metrics.watchAlerts(() => readAlertFigures({ db }))
  metrics.watchLedger(() => readLedgerFigures({ db }))
  metrics.watchMoney(async () => ({
    reconciliation: await readReconciliationFigures({ db }),
    inbox: await readInboxLag({ db }),
    payments: await readRecentPayments({ db }),
  }))
  const everySeconds = settings.monitoringFlushInterval
  const recorder = openRequestRecorder({
    ctxFor: () => createCtx(context, { actor: systemActor('monitoring'), requestId: 'monitoring' }),
    everySeconds,
    slowMs: settings.slowRequestMs,
    onUnrecorded: metrics.recordUnrecordedRequests,
    onError: (error) => log.warn('cannot store the figures of requests; trying again', { error }),
  })
  const refusals = openRefusalTally({
    context,
    everySeconds,
    onError: (error) => log.warn('cannot record refusals; trying again', { error }),
  })
  const flush = async () => {
    await recorder.flush()
    await refusals.flush()
  }
  let isDraining = false
  const health: HealthOptions = {
    version: settings.apiVersion,
    isDraining: () => isDraining,
    onTurn: (name, reason) =>
      reason === null
        ? log.info('a part is well again', { part: name })
        : log.warn('a part fails', { part: name, error: reason }),
    required: ['database', 'eventLoop'],
    checks: {
      database: async () => {
        await db.execute(sql`select 1`)
        return { status: 'pass', connections: pool.totalCount, waiting: pool.waitingCount }
      },
      queue: () => opened.check(),
      storage: () => ports.storage.check(),
      ...(settings.redisUrl === undefined ? {} : { redis: () => (redisPing ?? limits).check() }),
      ...machineChecks(settings.ashlarDataDir, options.eventLoopLagMs),
    },
  }
  const events = httpEvents(log, metrics, recorder, options.onFailure)
  const openApp = async () => {
    // Only who answers requests signs; a command or a worker makes no keys.
    await ensureSigningKey(createCtx(context, { actor: systemActor('start'), requestId: 'start' }))
    return buildApp({
      context,
      appliers,
      invalidations,
      jobs: opened,
      limits,
      refusals,
      health,
      localStorage: ports.localStorage,
      publicMetrics: publicMetricsOf(settings, metrics),
      onOidcAttempt: (status) => metrics.recordAuthAttempt('oidc', status),
      findJobs: opened.trace,
      traced,
      events,
      traceIdOf: options.traceIdOf ?? (() => null),
      compilers: options.common?.compilers,
      ...(options.instrument ? { instrument: options.instrument } : {}),
    })
  }
  return {
    database,
    context,
    jobs: opened,
    limits,
    invalidations,
    startDraining: () => {
      isDraining = true
    },
    openApp,
    flush,
    close: async () => {
      stopFollowing()
      invalidations.close()
      await opened.close()
      await (await ownApp?.catch(() => null))?.close()
      await flush()
      await limits.close()
      await redisPing?.close()
      await ports.close()
      await database.close()
    },
  }
}

/** The job system names its context first, the log last. */
function jobLog(log: Log): JobLog {
  const named = log.named('jobs')
  return {
    info: (fields, message) => named.info(message, fields),
    warn: (fields, message) => named.warn(message, fields),
    error: (fields, message) => named.error(message, fields),
  }
}

function figuresOf({ queues, outbox }: JobCounts): JobFigure[] {
  const ofQueues = Object.entries(queues).flatMap(([queue, { oldestWaitingSeconds, ...states }]) =>
    Object.entries(states).map(([state, count]) => ({
      queue,
      state,
      count,
      oldestAgeSeconds: state === 'waiting' && count > 0 ? oldestWaitingSeconds : null,
    })),
  )
  const { waiting, oldestSeconds } = outbox
  return [
    ...ofQueues,
    {
      queue: 'outbox',
      state: 'waiting',
      count: waiting,
      oldestAgeSeconds: waiting > 0 ? oldestSeconds : null,
    },
  ]
}
