/** Job systems for tests, also for tests in a process of their own. */
import { setTimeout as pause } from 'node:timers/promises'
import { createCtx, type Actor, type Ctx } from '../context.ts'
import { connect, type Database, type Db } from '../db/index.ts'
import { everything } from '../rights/index.ts'
import type { AnyJobType } from './define.ts'
import { openJobs, type JobSystem, type JobSystemOptions } from './index.ts'

export type Place = { readonly databaseUrl: string; readonly redisUrl: string | null }
export type OpenOptions = Partial<Omit<JobSystemOptions, 'db' | 'databaseUrl' | 'types'>>
export type TestSystem = {
  readonly jobs: JobSystem
  readonly db: Db
  /** Another call by a user, each time; its transactions wake this system. */
  readonly ctx: Ctx
  close(): Promise<void>
}

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const user: Actor = {
  kind: 'user',
  id: 'user-1',
  impersonatorId: null,
  onBehalfOf: null,
  sessionId: null,
  ip: null,
  roles: [],
  ...everything,
}

/** A job system with nothing started: neither relay nor workers. */
export function openSystem(
  { databaseUrl, redisUrl }: Place,
  types: readonly AnyJobType[],
  options: OpenOptions = {},
): TestSystem {
  const database = connectTo(databaseUrl)
  const { db } = database
  const deps = {
    db,
    // Jobs of these tests reach nothing but the database.
    ports: {} as never,
    settings: {} as never,
    onCommit: () => jobs.wake(),
  }
  const jobs = openJobs({
    db,
    databaseUrl,
    redisUrl,
    types,
    ctxFor: (actor, requestId) => createCtx(deps, { actor, requestId }),
    log: silent,
    ...options,
  })
  return {
    jobs,
    db,
    get ctx() {
      return createCtx(deps, { actor: user, requestId: 'request-1' })
    },
    close: async () => {
      await jobs.close()
      await database.close()
    },
  }
}

export function connectTo(url: string): Database {
  return connect({
    url,
    role: null,
    size: 5,
    overflow: 20,
    acquireTimeoutSeconds: 10,
    recycleSeconds: 600,
    statementTimeoutSeconds: 20,
    lockTimeoutSeconds: 10,
    idleInTransactionTimeoutSeconds: 20,
    applicationName: 'ashlar-test',
    onError: () => {},
  })
}

/** Waits until something is so; fails with what was last seen. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  patienceMs = 180_000,
): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (Date.now() > until) throw new Error(`never happened; last seen: ${JSON.stringify(seen)}`)
    await pause(25)
  }
}
