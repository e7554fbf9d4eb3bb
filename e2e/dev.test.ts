/** Development: one command, and somebody can sign in with a provider. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { visit } from '../twins/src/oidc/visitor.ts'
import { post } from './person.ts'
import { dataDirectory, descendantsOf, freePort, start } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const { appUrl, ownerUrl } = await testDatabase()
const environment = {
  ASHLAR_DATA_DIR: directory.path,
  DATABASE_URL: appUrl,
  DATABASE_OWNER_URL: ownerUrl,
}

test('`ashlar dev` brings the OIDC twin along, and takes it away again', async () => {
  const twinPort = String(await freePort())
  const server = await start(environment, ['dev', '--twin-port', twinPort])
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
  const server = await start(environment, ['dev', '--twin-port', String(port)])
  try {
    const listed = await fetch(`${server.url}/api/v1/oidc/providers`)
    expect(await listed.json()).toEqual({ data: [] })
    expect(server.output()).toContain('The OIDC twin does not start')
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
