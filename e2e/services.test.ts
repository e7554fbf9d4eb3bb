/** The same product on the services of a larger installation: Redis, S3, and the oldest PostgreSQL it supports. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { startS3Twin } from '../twins/src/s3/index.ts'
import { hasRedis, testRedis } from '../server/src/platform/jobs/testing-servers.ts'
import { testDatabase } from '../server/src/app/testing.ts'
import { mailsTo, post, register, signIn, whoami } from './person.ts'
import { dataDirectory, freePort, run, start } from './running.ts'

const isRequired = process.env['REQUIRE_SERVICES'] === '1'
const oldPostgres = '/usr/lib/postgresql/15/bin'

const directory = await dataDirectory()
afterAll(directory.remove)
const own = { ASHLAR_DATA_DIR: path.join(directory.path, 'data') }

const isRedisHere = await hasRedis(isRequired)
if (!isRedisHere)
  process.stderr.write('the product on Redis is not tested: redis-server is not installed\n')

test.runIf(isRedisHere)(
  'with Redis the product works, and an outage of Redis loses nothing',
  async () => {
    const redis = await testRedis()
    const location = await testDatabase()
    const server = await start({
      ...own,
      DATABASE_URL: location.appUrl,
      DATABASE_OWNER_URL: location.ownerUrl,
      REDIS_URL: redis.url,
    })
    try {
      const person = await register(server.url)
      const tokens = await signIn(server.url, person)

      await redis.stop()
      // The API goes on, and what is registered now is mailed once Redis is back.
      expect(await whoami(server.url, tokens)).toBe(200)
      const late = { email: 'late@example.com', password: 'registered while redis was gone' }
      expect((await post(server.url, '/api/v1/auth/register', late)).status).toBe(202)
      await pause(1_000)
      await redis.start()
      expect(await mailsTo(server.url, late.email)).toHaveLength(1)
    } finally {
      expect(await server.stop()).toBe(0)
      await redis.close()
    }
  },
)

test.runIf(isRedisHere)(
  'a Redis that would drop jobs ends the start at once, in one line that says what to change',
  async () => {
    const redis = await testRedis(['--maxmemory-policy', 'allkeys-lru'])
    const location = await testDatabase()
    const environment = {
      ...own,
      DATABASE_URL: location.appUrl,
      DATABASE_OWNER_URL: location.ownerUrl,
      REDIS_URL: redis.url,
      PORT: String(await freePort()),
      METRICS_PORT: String(await freePort()),
    }
    try {
      for (const role of ['api', 'worker', 'api,worker']) {
        const started = await run(['start', '--role', role], environment)
        expect(started.code, role).toBe(1)
        expect(started.stderr.trim().split('\n'), role).toEqual([
          expect.stringMatching(
            /maxmemory-policy allkeys-lru .* set `maxmemory-policy noeviction`/,
          ),
        ])
      }
      const doctor = await run(['doctor', '--json'], environment)
      expect(doctor.code).toBe(1)
      expect(JSON.parse(doctor.stdout)).toContainEqual({
        name: 'redis',
        isGood: false,
        detail: expect.stringContaining('noeviction'),
      })

      // It was away at the first look: the worker process finds out, and ends the whole.
      await redis.stop()
      const server = await start(environment)
      await redis.start()
      const [code] = (await once(server.child, 'exit')) as [number]
      expect(code).toBe(1)
      expect(server.output()).toContain('set `maxmemory-policy noeviction`')
    } finally {
      await redis.close()
    }
  },
)

test('with S3 for files, health says that the bucket answers', async () => {
  const keys = { accessKeyId: 'AKIAE2E', secretAccessKey: 'an e2e secret for the twin alone' }
  const s3 = await startS3Twin({ ...keys, region: 'eu-central-1', buckets: ['files'] })
  const location = await testDatabase()
  const server = await start({
    ...own,
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    S3_BUCKET_NAME: 'files',
    S3_ENDPOINT: s3.url,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  })
  try {
    const health = await (await fetch(`${server.url}/health`)).json()
    expect(health).toMatchObject({ checks: { storage: { status: 'pass' } } })
    await s3.close()
    await pause(1_100)
    const report = await (await fetch(`${server.url}/health`)).json()
    expect(report).toMatchObject({ checks: { storage: { status: 'fail' } } })
  } finally {
    await server.stop()
  }
})

const isOldPostgresHere = await access(oldPostgres).then(
  () => true,
  () => false,
)
if (!isOldPostgresHere && isRequired) throw new Error(`${oldPostgres} is missing`)
if (!isOldPostgresHere) process.stderr.write('PostgreSQL 15 is not tested: it is not installed\n')

test.runIf(isOldPostgresHere)(
  'on PostgreSQL 15 the whole tour is right, with one owner login',
  async () => {
    const port = await freePort()
    const cluster = path.join(directory.path, 'postgres15')
    const asServer =
      process.getuid?.() === 0
        ? ['unshare', '-U', '--map-user=65534', '--map-group=65534', '--']
        : []
    const command = (program: string, ...args: string[]) => [
      ...asServer,
      path.join(oldPostgres, program),
      ...args,
    ]
    const [initdb = '', ...initdbArgs] = command(
      'initdb',
      '-D',
      cluster,
      '-U',
      'owner',
      '--auth=trust',
      '--no-sync',
    )
    execFileSync(initdb, initdbArgs, { stdio: 'ignore' })
    const [postgres = '', ...args] = command(
      'postgres',
      '-D',
      cluster,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
    )
    const database = spawn(postgres, args, { stdio: 'ignore' })
    const url = `postgres://owner@127.0.0.1:${port}/postgres`
    try {
      const server = await startWhenUp({
        ...own,
        ASHLAR_DATA_DIR: path.join(directory.path, 'data15'),
        DATABASE_URL: url,
      })
      const toured = await run(['tour', '--url', server.url], {})
      expect(toured.stdout + toured.stderr).toContain('steps were right')
      expect(await server.stop()).toBe(0)
    } finally {
      database.kill('SIGINT')
      if (database.exitCode === null) await once(database, 'exit')
    }
  },
)

/** The database needs a moment; until then the start fails, as it says it does. */
async function startWhenUp(environment: Record<string, string>) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(environment)
    } catch (error) {
      if (attempt === 10) throw error
      await pause(500)
    }
  }
}
