/** A whole server on its own database, and clients that sign in as anyone. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { Pool } from 'pg'
import { inject } from 'vitest'
import { createAccount } from '../features/auth/index.ts'
import type { Applier } from '../features/inbox/index.ts'
import { loadConfig } from '../platform/config/index.ts'
import { type Ctx, type Settings, createCtx } from '../platform/context.ts'
import { type App, createCompilers } from '../platform/http/index.ts'
import { openPasswordThread } from '../platform/passwords/index.ts'
import { capturedMails, events, jobOutbox } from '../platform/tables.ts'
import { createMetrics, openLog } from '../platform/telemetry/index.ts'
import { systemActor } from './actors.ts'
import type { Location } from './database.ts'
import { type CommonParts, openProcess } from './process.ts'
import { atEnd } from './testing-ends.ts'

type Environment = Readonly<Record<string, string>>

/**
 * Cheap hashes: tests are about what happens, not about how long an attacker takes. And patience: twenty that wait for
 * one row must all get it on a machine that is ten times slower.
 */
const testEnvironment: Environment = {
  NODE_ENV: 'test',
  SECRET_KEY: 'a key for tests, long enough to pass as one: 7f3b91',
  PASSWORD_HASH_MEMORY_KIB: '1024',
  PASSWORD_HASH_ITERATIONS: '1',
  PASSWORD_HASH_CONCURRENCY: '2',
  DB_POOL_TIMEOUT: '60s',
  DB_LOCK_TIMEOUT: '60s',
  DB_STATEMENT_TIMEOUT: '60s',
  RATE_LIMIT_ENABLED: 'false',
  // A test that looks at facts sees no more of them by the clock: it flushes.
  MONITORING_FLUSH_INTERVAL: '1h',
  LOG_LEVEL: 'silent',
}

/** The servers of all test files of this process have them in common: making them takes longer than most tests. */
const common: CommonParts = {
  compilers: createCompilers(),
  passwordThread: openPasswordThread(),
}

/** Every account of a test has it. Letters that are no words are measured in a tenth of the time. */
export const goodPassword = 'wqzkvmhxpfbt'

/** Makes and drops databases. It is never closed: a connection costs as much as a copy, and it does not keep a process. */
let administration: Pool | null = null

/** A database of one's own, copied from the migrated template and dropped when the test or the file ends. */
export async function testDatabase(): Promise<Location> {
  const { adminUrl, ownerUrl, appUrl } = inject('database')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const administrator = (administration ??= new Pool({
    connectionString: adminUrl,
    max: 2,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  }).on('error', () => {}))
  // Copying files takes half of what writing them to the log takes.
  await administrator.query(
    `create database ${name} template template_ashlar strategy file_copy owner ashlar_owner`,
  )
  // It waits for connections that are just being closed; five seconds later it is not polite any more.
  atEnd(() =>
    administrator
      .query(`drop database if exists ${name}`)
      .catch(() => administrator.query(`drop database if exists ${name} with (force)`)),
  )
  return { appUrl: withDatabase(appUrl, name), ownerUrl: withDatabase(ownerUrl, name), role: null }
}

export function testSettings(environment: Environment = {}): Settings {
  const loaded = loadConfig({ ...testEnvironment, ...environment })
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  return { ...loaded.config, secretKey: loaded.config.secretKey ?? '' }
}

export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  // An answer's body is whatever the test says it is.
  readonly body: ReturnType<typeof JSON.parse>
  readonly text: string
}

export type TestClient = {
  readonly userId: string | null
  get(url: string, headers?: Environment): Promise<Reply>
  post(url: string, body?: unknown, headers?: Environment): Promise<Reply>
  put(url: string, body?: unknown, headers?: Environment): Promise<Reply>
  patch(url: string, body?: unknown, headers?: Environment): Promise<Reply>
  delete(url: string, headers?: Environment): Promise<Reply>
}

export type ServerOptions = {
  readonly environment?: Environment
  /** An existing database, to run a second server on. */
  readonly location?: Location
  /** That another server has the same database, and hears of changes of rights before they are answered. */
  readonly isOneOfSeveral?: boolean
  /** Also relays and runs jobs. */
  readonly hasJobs?: boolean
  /** What the event loop is said to have been blocked for; without it, never. */
  readonly eventLoopLagMs?: () => number
  /** What is done when a provider says that something has changed. */
  readonly appliers?: readonly Applier[]
  /** Routes of the test's own. */
  readonly extend?: (app: App) => Promise<void>
}

export async function startServer(options: ServerOptions = {}) {
  const location = options.location ?? (await testDatabase())
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ashlar-data-'))
  const settings = testSettings({ ASHLAR_DATA_DIR: dataDir, ...options.environment })
  const log = openLog({
    level: 'silent',
    name: 'test',
    version: 'test',
    output: { write: () => true },
  })
  const metrics = createMetrics({ version: 'test' })
  const failures: unknown[] = []
  const opened = await openProcess({
    settings,
    location,
    log,
    metrics,
    eventLoopLagMs: options.eventLoopLagMs ?? (() => 0),
    common,
    onFailure: (error) => failures.push(error),
    isAlone: options.isOneOfSeveral !== true,
    ...(options.appliers ? { appliers: options.appliers } : {}),
    ...(options.extend ? { instrument: options.extend } : {}),
  })
  // Before anything else can fail: a test of a server that does not start leaves no connection behind, either.
  atEnd(async () => {
    if (options.hasJobs) await opened.jobs.drain(5)
    await opened.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  if (options.hasJobs) {
    opened.jobs.startRelay()
    await opened.jobs.startWorkers()
  }
  const app = await opened.openApp()
  const { db } = opened.database
  const owner = new Pool({ connectionString: location.ownerUrl, max: 5, idleTimeoutMillis: 0 })
  // A test that ends connections ends these, too.
  owner.on('error', () => {})
  atEnd(async () => {
    await owner.end()
    await app.close()
  })
  const ctx = (): Ctx =>
    createCtx(opened.context, { actor: systemActor('test'), requestId: randomUUID() })

  function clientWith(userId: string | null, given: Environment): TestClient {
    let own = given
    const send = async (
      method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
      url: string,
      body?: unknown,
      headers: Environment = {},
    ) => {
      const reply = await app.inject({
        method,
        url,
        headers: {
          ...own,
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined
          ? {}
          : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const isJson = /[/+]json\b/.test(String(reply.headers['content-type']))
      const answer: Reply = {
        status: reply.statusCode,
        headers: reply.headers,
        text: reply.body,
        body: isJson && reply.body !== '' ? reply.json() : null,
      }
      if (renewing.test(url)) own = renewedBy(answer, own)
      return answer
    }
    return {
      userId,
      get: (url, headers) => send('GET', url, undefined, headers),
      post: (url, body, headers) => send('POST', url, body, headers),
      put: (url, body, headers) => send('PUT', url, body, headers),
      patch: (url, body, headers) => send('PATCH', url, body, headers),
      delete: (url, headers) => send('DELETE', url, undefined, headers),
    }
  }

  const anonymous = clientWith(null, {})

  return {
    app,
    db,
    ctx,
    settings,
    location,
    metrics,
    process: opened,
    /** The owner of the database: what an attacker with a copy of it could read, or time could do. */
    owner,
    /** Errors that were ours, in order. A test that provokes none leaves it empty. */
    failures,
    anonymous,
    clientWith,
    /** Signs in with a new account of this role, by tokens. */
    async as(role = 'member', email = `${randomBytes(6).toString('hex')}@example.com`) {
      const passwordHash = await opened.context.ports.passwords.hash(goodPassword)
      const user = await ctx().tx((tx) => createAccount(tx, { email, passwordHash, role }))
      if (!user) throw new Error(`${email} is taken`)
      const reply = await anonymous.post('/api/v1/auth/login', {
        email,
        password: goodPassword,
        mode: 'token',
      })
      const tokens = reply.body.data as {
        accessToken: string
        refreshToken: string
      }
      const client = clientWith(user.id, {
        authorization: `Bearer ${tokens.accessToken}`,
      })
      return { ...client, email, ...tokens, user }
    },
    /** Every fact so far, oldest first. */
    facts: () =>
      db
        .select({
          name: events.name,
          outcome: events.outcome,
          actorId: events.actorId,
          onBehalfOf: events.onBehalfOf,
          subjectId: events.subjectId,
          data: events.data,
        })
        .from(events)
        .orderBy(asc(events.id)),
    /** Jobs that wait to be relayed. */
    jobs: () =>
      db
        .select({ name: jobOutbox.name, payload: jobOutbox.payload })
        .from(jobOutbox)
        .orderBy(jobOutbox.id),
    mails: (to: string) =>
      db
        .select()
        .from(capturedMails)
        .where(eq(capturedMails.to, to))
        .orderBy(asc(capturedMails.at)),
  }
}

/** Asks until it is true; fails the test when it never is. For what another process or a job will do. */
export async function eventually<T>(
  find: () => Promise<T | null | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > until) throw new Error('it never happened')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Where a session goes on under a new id. */
const renewing = /\/(auth\/step-up|twofa\/enable|security\/mfa\/verify|invitations\/accept)$/
const sessionCookie = /__Host-ashlar_session=[^;]*/

/** As a good client does: from now on it is the new cookie, or the new token. */
function renewedBy({ status, headers, body }: Reply, own: Environment): Environment {
  if (status !== 200) return own
  const { accessToken, csrfToken } = body.data
  if (own['authorization'] !== undefined && accessToken !== undefined)
    return { ...own, authorization: `Bearer ${accessToken}` }
  const [cookie] = sessionCookie.exec(String(headers['set-cookie'] ?? '')) ?? []
  if (own['cookie'] === undefined || cookie === undefined) return own
  return {
    ...own,
    cookie: own['cookie'].replace(sessionCookie, cookie),
    'x-csrf-token': csrfToken,
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
