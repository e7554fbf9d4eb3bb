/** Production as a balancer sees it: settings complete, a drain that it can follow, nothing of development left. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { givenGoodProduction } from '../server/src/platform/config/testing.ts'
import { codeOf } from '../server/src/features/twofa/testing.ts'
import { post, signIn } from './person.ts'
import { type Running, dataDirectory, freePort, run, start } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const location = await testDatabase()
async function secretFile(name: string, value: string): Promise<string> {
  const file = path.join(directory.path, name)
  await writeFile(file, `${value}\n`, { mode: 0o600 })
  return file
}

const environment = {
  ...givenGoodProduction(),
  // As an orchestrator mounts secrets: the processes it starts must not see both forms.
  DATABASE_URL: '',
  DATABASE_URL_FILE: await secretFile('database-url', location.appUrl),
  DATABASE_OWNER_URL_FILE: await secretFile('owner-url', location.ownerUrl),
  ASHLAR_DATA_DIR: directory.path,
  // Nothing outside this machine is asked: queue and limits in PostgreSQL, files on disk.
  REDIS_URL: '',
  S3_BUCKET_NAME: '',
  AWS_REGION: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  HOST: '127.0.0.1',
  RATE_LIMIT_REQUESTS: '1000000',
}

test('a balancer that follows /readyz loses no request when the server is told to stop', async () => {
  const port = String(await freePort())
  const server = await start({ ...environment, PORT: port })
  const outcomes: string[] = []
  let isReady = true
  const probe = async () => {
    while (isReady) {
      isReady = (await fetch(`${server.url}/readyz`).catch(() => null))?.ok ?? false
      await pause(200)
    }
  }
  const load = Array.from({ length: 8 }, async () => {
    while (isReady) {
      const outcome = await fetch(`${server.url}/api/v1/users`).then(
        async (reply) =>
          `${reply.status} ${Array.isArray(((await reply.json()) as { data: unknown }).data)}`,
        (error: unknown) => `cut: ${String(error)}`,
      )
      outcomes.push(outcome)
    }
  })
  const probing = probe()
  // However slow the machine is: it is told to stop in the middle of many requests.
  while (outcomes.length < 40 && isReady) await pause(20)
  const code = await server.stop()
  await Promise.all([probing, ...load])
  expect(code).toBe(0)
  expect(outcomes.length).toBeGreaterThan(20)
  expect(new Set(outcomes)).toEqual(new Set(['200 true']))
})

test('development’s doors are not there', async () => {
  const server = await start(environment)
  try {
    for (const door of ['/dev/mailbox', '/api/v1/docs', '/api/v1/openapi.json', '/metrics'])
      expect((await fetch(`${server.url}${door}`)).status, door).toBe(404)
    const failed = await fetch(`${server.url}/api/v1/users/me`)
    expect(failed.status).toBe(401)
    expect(failed.headers.get('strict-transport-security')).toContain('max-age=31536000')
  } finally {
    expect(await server.stop()).toBe(0)
  }
})

/** What a first administrator reaches: nothing but the set-up of an authenticator, until there is one. */
async function enrol({ url }: Running, person: { email: string; password: string }) {
  const { accessToken } = await signIn(url, person)
  const bearer = { authorization: `Bearer ${accessToken}` }
  const roles = async (headers: Record<string, string>) =>
    (await fetch(`${url}/api/v1/roles`, { headers })).status
  expect(await roles(bearer)).toBe(403)
  const mfa = '/api/v1/admin/security/mfa'
  const made = await post(url, `${mfa}/setup`, {}, bearer)
  const { secret } = ((await made.json()) as { data: { secret: string } }).data
  const verified = await post(url, `${mfa}/verify`, { code: codeOf(secret) }, bearer)
  expect(verified.status).toBe(200)
  const { data } = (await verified.json()) as { data: { accessToken: string } }
  expect(await roles({ authorization: `Bearer ${data.accessToken}` })).toBe(200)
}

test('whoever administers first has an authenticator before anything else, and gets there', async () => {
  const server = await start(environment)
  try {
    const password = 'quartz lantern meadow nine'
    const root = { email: 'root@example.com', password }
    const token = /setup#token=(\S+)/.exec(server.output())?.[1]
    expect((await post(server.url, '/api/v1/admin/setup', { token, ...root })).status).toBe(201)
    await enrol(server, root)
    const shell = { email: 'shell@example.com', password }
    const made = await run(['admin', 'create', '--email', shell.email], environment, password)
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('super admin') })
    await enrol(server, shell)
  } finally {
    expect(await server.stop()).toBe(0)
  }
})
