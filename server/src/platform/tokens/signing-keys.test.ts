/** Rotation: a new key signs, the old one still verifies, nobody is signed out. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { AppError } from '../errors.ts'
import { events, signingKeys } from '../tables.ts'
import { openTokenSigner, rotateSigningKey } from './index.ts'
import {
  type Server,
  encode,
  keyFacts,
  kidOf,
  kidsAt,
  letSign,
  listAt,
  openSigningKey,
  refreshAt,
  tokensOf,
  useAt,
} from './testing.ts'

/** Runs `ashlar keys rotate`, as far as that is more than printing. */
const rotate = (at: Server, options: object = {}) =>
  rotateSigningKey(at.ctx(), { isAtOnce: true, isDryRun: false, ...options })
const stateOf = async (at: Server, kid: string) =>
  (await listAt(at)).find((key) => key.kid === kid)?.state
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

let server: Server
let second: Server
let first: string
beforeEach(async () => {
  server = await startServer()
  second = await startServer({ location: server.location })
  first = tokensOf(server).signingKid() ?? ''
})

test('the first key signs at once, is no rotation, and is one for any number of processes', async () => {
  expect(await keyFacts(server)).toEqual([])
  expect(tokensOf(second).signingKid()).toBe(first)
  expect(await server.db.$count(signingKeys)).toBe(1)
})

describe('a rotation', () => {
  test('signs nobody out: old tokens, sessions and refresh tokens go on, new tokens have the new key', async () => {
    const ada = await server.as()
    const made = await rotate(server)
    await eventually(async () => tokensOf(second).signingKid() === made.kid)
    for (const at of [server, second]) {
      expect((await useAt(at, ada.accessToken)).status).toBe(200)
      expect(await kidsAt(at)).toEqual([made.kid, first])
    }
    const next = (await refreshAt(second, ada.refreshToken)).body.data
    expect(kidOf(next.accessToken)).toBe(made.kid)
    for (const at of [server, second]) expect((await useAt(at, next.accessToken)).status).toBe(200)
    expect(await stateOf(server, first)).toBe('verifying')
    expect(await stateOf(server, made.kid)).toBe('signing')
  })

  test('publishes the key on every process before it signs anything', async () => {
    const made = await rotate(server, { isAtOnce: false })
    expect(made.state).toBe('pending')
    expect(made.signsFrom.getTime() - Date.now()).toBeGreaterThan(300_000)
    for (const at of [server, second]) {
      await eventually(async () => (await kidsAt(at)).includes(made.kid))
      expect(kidOf((await at.as()).accessToken)).toBe(first)
    }
    await letSign(made.kid, server, second)
    expect(kidOf((await second.as()).accessToken)).toBe(made.kid)
  })

  test('is recorded, once, with who did it', async () => {
    const made = await rotate(server, { algorithm: 'RS256' })
    const data = { algorithm: 'RS256', kmsKeyArn: null, signsFrom: made.signsFrom.toISOString() }
    expect(await keyFacts(server)).toEqual([
      {
        name: 'tokens.key_rotated',
        outcome: 'succeeded',
        actorId: 'test',
        onBehalfOf: null,
        subjectId: made.kid,
        data,
      },
    ])
  })

  test('waits for the one before', async () => {
    await rotate(server, { isAtOnce: false })
    expect(await codeOf(rotate(second, { isAtOnce: false }))).toBe('tokens.key_pending')
    expect(await server.db.$count(signingKeys)).toBe(2)
  })

  test('that is only tried changes nothing', async () => {
    const tried = await rotate(server, { isDryRun: true, isAtOnce: false })
    expect(tried.signsFrom.getTime()).toBeGreaterThan(Date.now())
    expect(await server.db.$count(signingKeys)).toBe(1)
    expect(await keyFacts(server)).toEqual([])
  })

  test('under load: no token is refused and no sign-in fails while keys change', async () => {
    const ada = await server.as()
    let { accessToken, refreshToken } = ada
    const statuses = new Set<number>()
    for (let round = 0; round < 2; round += 1) {
      const made = await rotate(round % 2 ? server : second)
      const until = made.signsFrom.getTime() + 700
      while (Date.now() < until) {
        const at = Math.random() < 0.5 ? server : second
        ;({ accessToken, refreshToken } = (await refreshAt(at, refreshToken)).body.data)
        for (const any of [server, second]) statuses.add((await useAt(any, accessToken)).status)
      }
      expect(kidOf(accessToken)).toBe(made.kid)
    }
    expect([...statuses]).toEqual([200])
  })
})

test('forged key ids, however many, cost not a single query', async () => {
  const before = second.process.database.pool.totalCount
  let queries = 0
  const signer = await openTokenSigner({
    db: new Proxy(server.db, {
      get: (target, name) => {
        if (name === 'select') queries += 1
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }),
    secretKey: server.settings.secretKey,
    issuer: server.settings.publicUrl,
    algorithm: 'EdDSA',
    kms: null,
    onProblem: () => {},
  })
  expect(queries).toBe(1)
  for (let index = 0; index < 200; index += 1) {
    const kid = Buffer.alloc(32, index).toString('base64url')
    const header = encode({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    expect(await signer.verify(`${header}.${encode({})}.${'A'.repeat(86)}`)).toBeNull()
  }
  expect(queries).toBe(1)
  expect(before).toBeGreaterThan(0)
})

test('another SECRET_KEY says so instead of making a second ring', async () => {
  const opened = startServer({
    location: server.location,
    environment: { SECRET_KEY: 'another key for tests, as long as the first: 91c04d' },
  })
  await expect(opened).rejects.toThrow('SECRET_KEY cannot open signing key')
  expect(await server.db.$count(signingKeys)).toBe(1)
})

test('no private key is stored in the clear, and nothing here was our own failure', async () => {
  const { key } = await openSigningKey(server)
  const der = key.export({ format: 'der', type: 'pkcs8' }) as Buffer
  const rows = await server.db.execute(sql`select t::text as row from platform_signing_keys t`)
  const facts = await server.db.select().from(events)
  const stored = JSON.stringify([rows.rows, facts])
  for (const shape of [
    der.toString('hex'),
    der.toString('base64'),
    der.subarray(16).toString('hex'),
  ])
    expect(stored).not.toContain(shape)
  expect(server.failures).toEqual([])
})
