/** Development: one command, and somebody can sign in with a provider. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { visit } from '../twins/src/oidc/visitor.ts'
import { post, register, signIn } from './person.ts'
import { dataDirectory, descendantsOf, freePort, run, start } from './running.ts'

type Payment = { readonly id: string; readonly providerRef: string; readonly state: string }

const directory = await dataDirectory()
afterAll(directory.remove)
const { appUrl, ownerUrl } = await testDatabase()
const environment = {
  ASHLAR_DATA_DIR: directory.path,
  DATABASE_URL: appUrl,
  DATABASE_OWNER_URL: ownerUrl,
  TWINS_ENABLED: 'true',
}

test('`ashlar dev` brings somebody to sign in with and somebody to pay with, and takes them away again', async () => {
  const twinPort = String(await freePort())
  const stripePort = String(await freePort())
  const server = await start(environment, [
    'dev',
    '--twin-port',
    twinPort,
    '--stripe-port',
    stripePort,
  ])
  const processes = await descendantsOf(server.child.pid ?? 0)
  try {
    const listed = await fetch(`${server.url}/api/v1/oidc/providers`)
    expect(await listed.json()).toEqual({ data: [{ id: 'twin', name: 'the twin' }] })

    const started = await post(server.url, '/api/v1/oidc/twin/start', {})
    const { data } = (await started.json()) as { data: { authorizationUrl: string } }
    const cookie = started.headers.getSetCookie().map((line) => line.split(';')[0])
    const back = await visit(`http://127.0.0.1:${twinPort}`, data.authorizationUrl, '1')
    const landed = await fetch(back, { redirect: 'manual', headers: { cookie: cookie.join('; ') } })
    expect(landed.status).toBe(303)
    expect(landed.headers.get('location')).not.toContain('#error')
    expect(landed.headers.getSetCookie().join()).toContain('__Host-ashlar_session')

    const tokens = await signIn(server.url, await register(server.url))
    const authorization = `Bearer ${tokens.accessToken}`
    const asked = await fetch(`${server.url}/api/v1/payments/create-intent`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'idempotency-key': 'the-only-one',
      },
      body: JSON.stringify({ amount: '1099', currency: 'USD' }),
    })
    expect(asked.status, await asked.clone().text()).toBe(201)
    const { payment } = ((await asked.json()) as { data: { payment: Payment } }).data
    // As the library of Stripe does in the customer's browser.
    const paid = await fetch(
      `http://127.0.0.1:${stripePort}/v1/payment_intents/${payment.providerRef}/confirm`,
      {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_twin' },
        body: new URLSearchParams({
          payment_method: 'pm_card_visa',
          return_url: 'https://shop.test',
        }),
      },
    )
    expect(await paid.json()).toMatchObject({ status: 'succeeded' })
    const read = async () => {
      const reply = await fetch(`${server.url}/api/v1/payments/${payment.id}`, {
        headers: { authorization },
      })
      return ((await reply.json()) as { data: Payment }).data.state
    }
    await expect.poll(read, { timeout: 60_000, interval: 1_000 }).toBe('held')

    const toured = await run(['tour', '--url', server.url], {})
    expect(toured.stdout + toured.stderr).toContain('steps were right')
    expect(toured.stdout).toContain('1099 USD held')
    expect(toured.stdout).toContain('state cancelled')
  } finally {
    await server.stop()
  }
  for (const pid of processes)
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
}, 300_000)

test('a taken port is no reason to go without the rest', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  const server = await start(environment, [
    'dev',
    '--twin-port',
    String(port),
    '--stripe-port',
    String(port),
  ])
  try {
    const listed = await fetch(`${server.url}/api/v1/oidc/providers`)
    expect(await listed.json()).toEqual({ data: [] })
    expect(server.output()).toContain('The OIDC twin does not start')
    expect(server.output()).toMatch(
      /The Stripe twin does not start on port \d+; going on without it: .*address already in use/,
    )
  } finally {
    await server.stop()
    holder.close()
  }
}, 300_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('`ashlar start` brings them too, and not even kill -9 leaves one behind', async () => {
  const [twinPort, stripePort] = [String(await freePort()), String(await freePort())]
  const server = await start(environment, [
    'start',
    '--twin-port',
    twinPort,
    '--stripe-port',
    stripePort,
  ])
  const processes = await descendantsOf(server.child.pid ?? 0)
  try {
    expect(server.output()).toContain(`a stand-in for Stripe at http://127.0.0.1:${stripePort}`)
    const listed = await fetch(`${server.url}/api/v1/oidc/providers`)
    expect(await listed.json()).toEqual({ data: [{ id: 'twin', name: 'the twin' }] })
    server.child.kill('SIGKILL')
    for (const pid of processes)
      await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
  } finally {
    await server.killAll()
  }
}, 300_000)

test('Ctrl-C does not reach the stand-ins: what the server still has to ask while it ends is answered', async () => {
  const ports = ['--twin-port', String(await freePort()), '--stripe-port', String(await freePort())]
  const server = await start(environment, ['start', ...ports])
  const group = server.child.pid ?? 0
  const processes = await descendantsOf(group)
  try {
    const standIns = processes.filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('twins/src'),
    )
    expect(standIns).toHaveLength(2)
    for (const pid of standIns) expect(groupOf(pid)).not.toBe(group)
    // As a terminal says it.
    process.kill(-group, 'SIGINT')
    expect(await once(server.child, 'exit')).toEqual([0, null])
    for (const pid of processes)
      await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false)
  } finally {
    await server.killAll()
  }
}, 300_000)

const groupOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }))

test.each([
  ['TWINS_ENABLED=false', { TWINS_ENABLED: 'false' }, []],
  ['--no-twin', {}, ['--no-twin']],
  ['a key of one’s own', { STRIPE_SECRET_KEY: 'sk_test_mine', OIDC_PROVIDERS: '[]' }, []],
])('%s leaves them out', async (_, settings: Record<string, string>, options: string[]) => {
  const server = await start({ ...environment, ...settings }, ['start', ...options])
  try {
    expect(server.output()).not.toContain('stand-in')
    const listed = await fetch(`${server.url}/api/v1/oidc/providers`)
    expect(await listed.json()).toEqual({ data: [] })
  } finally {
    await server.stop()
  }
})
