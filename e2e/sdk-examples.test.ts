/** The examples of the SDK as somebody runs them: programs of their own, with the package installed, at a real server. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../server/src/app/testing.ts'
import { openWebhooks } from '../server/src/platform/webhooks/index.ts'
import { type Project, installSdk } from '../sdk/testing-pack.ts'
import { type Person, register } from './person.ts'
import { type Running, dataDirectory, start } from './running.ts'
import { openCuttingProxy } from './sdk-parts.ts'

const programTimeoutMs = 60_000

let server: Running
let project: Project
let person: Person
const directory = await dataDirectory()

beforeAll(async () => {
  const location = await testDatabase()
  project = await installSdk()
  server = await start({
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    ASHLAR_DATA_DIR: directory.path,
  })
  person = await register(server.url)
}, 300_000)

afterAll(async () => {
  await server?.stop()
  await project?.remove()
  await directory.remove()
})

/** What an example prints. */
async function outputOf(example: string, ...args: string[]): Promise<string> {
  const file = path.join(project.examples, example)
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    timeout: programTimeoutMs,
  })
  return stdout
}

test('sign-up.ts makes an account, proves its address, signs in and says who that is', async () => {
  const email = 'new-here@example.com'
  expect(await outputOf('sign-up.ts', server.url, email, person.password)).toBe(
    `signed in as ${email}\n`,
  )
})

test('api-key.ts makes a key that reads and does not write', async () => {
  expect(await outputOf('api-key.ts', server.url, person.email, person.password)).toBe(
    `this key is ${person.email}’s\nand changes nothing\n`,
  )
})

test('lists.ts reads every page of what somebody has done', async () => {
  const output = await outputOf('lists.ts', server.url, person.email, person.password)
  const lines = output.trim().split('\n')
  expect(lines.length).toBeGreaterThan(2)
  expect(output).toContain('auth.signed_in')
  expect(lines.toSorted().toReversed()).toEqual(lines)
})

test('errors.ts tells a wrong password from an empty name', async () => {
  expect(await outputOf('errors.ts', server.url, person.email)).toBe(
    'The name or the password is wrong.\n',
  )
  expect(await outputOf('errors.ts', server.url, '')).toMatch(/^\/email /)
})

test('retries.ts has each effect once, though the connection breaks after it', async () => {
  const proxy = await openCuttingProxy(server.url, 2)
  try {
    const { email, password } = person
    expect(await outputOf('retries.ts', server.url, email, password, proxy.url)).toBe(
      'the same export\n2 exports\n',
    )
    expect(proxy.cuts()).toBe(2)
  } finally {
    proxy.close()
  }
})

test('webhooks.ts believes what our server signs with a secret it knows, once, and nothing else', async () => {
  const secretOf = (fill: number) => `whsec_${Buffer.alloc(24, fill).toString('base64')}`
  const file = path.join(project.examples, 'webhooks.ts')
  const receiver = spawn(process.execPath, [file, secretOf(1), secretOf(2)], {
    timeout: programTimeoutMs,
  })
  try {
    let output = ''
    receiver.stdout.on('data', (part) => (output += String(part)))
    while (!output.includes('\n')) await once(receiver.stdout, 'data')
    const [url = ''] = output.split('\n')
    const webhooks = openWebhooks({ hasPrivateAddresses: true })
    const message = { url, id: 'msg_1', body: '{"type":"monitoring.alert_opened"}' }
    await webhooks.send({ ...message, secret: secretOf(2) })
    await webhooks.send({ ...message, secret: secretOf(1) })
    await expect(webhooks.send({ ...message, secret: secretOf(3) })).rejects.toThrow('400')
    expect(output.trim().split('\n').slice(1)).toEqual([
      `msg_1 ${message.body}`,
      'refused: signature',
    ])
  } finally {
    receiver.kill()
    await once(receiver, 'exit')
  }
})
