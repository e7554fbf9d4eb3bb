/** The product as its user starts, tours, stops and restarts it. */
import { afterAll, expect, test } from 'vitest'
import { dataDirectory, descendantsOf, freePort, run, start } from './running.ts'
import { register, signIn, whoami } from './person.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
// One port for every start: tokens name the address that issued them.
const environment = { ASHLAR_DATA_DIR: directory.path, PORT: String(await freePort()) }

test('one command starts everything, the tour is right, and SIGTERM ends it all with code 0', async () => {
  const server = await start(environment)
  const processes: number[] = []
  try {
    // It answers a moment before it says so.
    await expect.poll(server.output, { timeout: 30_000 }).toMatch(/\/setup#token=ash_i_/)
    expect(server.output()).toContain(`Ashlar is running at ${server.url}`)

    const toured = await run(['tour', '--url', server.url], {})
    expect(toured.stdout + toured.stderr).toContain('steps were right')
    expect(toured.code).toBe(0)

    processes.push(...(await descendantsOf(server.child.pid ?? 0)))
    expect(processes.length).toBeGreaterThan(2)
  } finally {
    expect(await server.stop()).toBe(0)
  }
  for (const pid of processes) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('after kill -9 of everything, nothing that was acknowledged is lost', async () => {
  const server = await start(environment)
  const person = await register(server.url)
  const tokens = await signIn(server.url, person)
  await server.killAll()

  const again = await start(environment)
  try {
    expect(await whoami(again.url, tokens)).toBe(200)
    await signIn(again.url, person)
  } finally {
    expect(await again.stop()).toBe(0)
  }
})

test('a second start on the same directory says who holds it', async () => {
  const server = await start(environment)
  try {
    const second = await run(['start'], { ...environment, PORT: '1', METRICS_PORT: '2' })
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(`process ${server.child.pid}`)
    expect(second.stderr).toContain(server.url)
  } finally {
    await server.stop()
  }
})

test('commands work beside the running server', async () => {
  const server = await start(environment)
  try {
    const listed = await run(['jobs', 'list', '--json'], environment)
    expect(JSON.parse(listed.stdout)).toBeInstanceOf(Array)
    const told = await run(['webhooks', 'list', '--json', '--state', 'dead'], environment)
    expect(JSON.parse(told.stdout)).toEqual([])
    const migrated = await run(['migrate', 'status', '--json'], environment)
    expect(JSON.parse(migrated.stdout)).toContainEqual(expect.objectContaining({ isApplied: true }))
    const doctor = await run(['doctor', '--json'], {
      ...environment,
      PORT: new URL(server.url).port,
    })
    expect(doctor.stdout).toContain('"name":"database","isGood":true')
  } finally {
    await server.stop()
  }
})

test('production without settings prints everything that is missing, and exits 1', async () => {
  const refused = await run(['start'], { NODE_ENV: 'production' })
  expect(refused.code).toBe(1)
  for (const name of [
    'DATABASE_URL',
    'SECRET_KEY',
    'PUBLIC_URL',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    'MAIL_DRIVER',
  ])
    expect(refused.stderr).toContain(name)
})
