/** The API description without a running system: routes are declared, nothing is connected and nothing listens. */
import type { Invalidations } from '../platform/cache/index.ts'
import { loadConfig } from '../platform/config/index.ts'
import type { ContextDeps, Ports } from '../platform/context.ts'
import { connect } from '../platform/db/index.ts'
import type { App } from '../platform/http/index.ts'
import { openJobs } from '../platform/jobs/index.ts'
import { openLimits } from '../platform/limits/index.ts'
import type { LocalStorage } from '../platform/storage/index.ts'
import { buildApp } from './app.ts'
import { limitPolicies } from './limit-policies.ts'

/** The OpenAPI document of this version, as `/api/v1/openapi.json` serves it. */
export const describeRoutes = (): Promise<object> => withRoutes((app) => app.swagger())

/** Every route of this version, and who may call it. */
export const declaredRoutes = () => withRoutes((app) => [...app.declaredRoutes])

async function withRoutes<T>(read: (app: App) => T): Promise<T> {
  const loaded = loadConfig({
    NODE_ENV: 'development',
    SECRET_KEY: 'only to describe the routes, nothing is signed',
  })
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const settings = { ...loaded.config, secretKey: loaded.config.secretKey ?? '' }
  const database = connect({
    url: 'postgres://nobody@127.0.0.1:1/nothing',
    role: null,
    size: 1,
    overflow: 0,
    acquireTimeoutSeconds: 1,
    recycleSeconds: 60,
    statementTimeoutSeconds: 1,
    lockTimeoutSeconds: 1,
    idleInTransactionTimeoutSeconds: 1,
    applicationName: 'describe',
    onError: () => {},
  })
  // Only handlers reach the outside world and count limits, and none is called here.
  const context: ContextDeps = { db: database.db, settings, ports: {} as Ports, onCommit: () => {} }
  const silent = () => {}
  const jobs = openJobs({
    db: database.db,
    databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing',
    redisUrl: null,
    types: [],
    ctxFor: () => {
      throw new Error('no job runs here')
    },
    log: { info: silent, warn: silent, error: silent },
  })
  const app = await buildApp({
    context,
    limits: openLimits({
      store: { kind: 'postgres', pool: database.pool },
      policies: limitPolicies(settings),
      isEnabled: false,
      failClosed: false,
      onStoreError: () => {},
    }),
    appliers: [],
    refusals: { count: () => {} },
    invalidations: {
      cache: () => ({ get: (_key, load) => load() }),
      forget: () => {},
      listen: () => {},
      feltEverywhere: async () => {},
      close: () => {},
    } satisfies Invalidations,
    health: { checks: {}, required: [], isDraining: () => false, version: settings.apiVersion },
    // Servers that keep files elsewhere have two routes less.
    localStorage: {} as LocalStorage,
    publicMetrics: null,
    onOidcAttempt: () => {},
    jobs,
    findJobs: jobs.trace,
    traced: [],
    events: {
      onStarted: () => {},
      onFinished: () => {},
      onLimited: () => {},
      onFailure: () => {},
    },
    traceIdOf: () => null,
  })
  const found = read(app)
  await app.close()
  await jobs.close()
  await database.close()
  return found
}
