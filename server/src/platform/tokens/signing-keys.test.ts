/** Signing keys over time: rotation without a sign-out, retirement, and who hears of it. */
import { eq, sql } from 'drizzle-orm'
import { decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { AppError } from '../errors.ts'
import { events, invalidations, signingKeys } from '../tables.ts'
import {
  followRotations,
  listSigningKeys,
  openTokenSigner,
  retireSigningKey,
  rotateByAge,
  rotateSigningKey,
} from './index.ts'
import { encode, now, openSigningKey } from './testing.ts'

type Server = Awaited<ReturnType<typeof startServer>>

const me = '/api/v1/users/me'
const useAt = (at: Server, token: string) =>
  at.anonymous.get(me, { authorization: `Bearer ${token}` })
const kidOf = (token: string) => decodeProtectedHeader(token).kid
const tokensOf = (at: Server) => at.process.context.ports.tokens
const kidsAt = async (at: Server) =>
  (await at.anonymous.get('/.well-known/jwks.json')).body.keys.map(
    ({ kid }: { kid: string }) => kid,
  )
const refreshAt = async (at: Server, refreshToken: string) =>
  (await at.anonymous.post('/api/v1/auth/refresh', { refreshToken })).body.data

/** Runs `ashlar keys rotate`, as far as that is more than printing. */
const rotate = (at: Server, options: object = {}) =>
  rotateSigningKey(at.ctx(), { isAtOnce: true, isDryRun: false, ...options })
const retire = (at: Server, kid: string, options: object = {}) =>
  retireSigningKey(at.ctx(), kid, { isForced: false, isDryRun: false, ...options })
const list = (at: Server) => listSigningKeys(at.ctx(), tokensOf(at).signingKid())
const stateOf = async (at: Server, kid: string) =>
  (await list(at)).find((key) => key.kid === kid)?.state

/** Lets time pass for a key: its time to sign has come, or its last token has expired. */
async function age(at: Server, kid: string, column: 'signs_from' | 'tokens_until') {
  const then = column === 'signs_from' ? sql`now()` : sql`now() - interval '1 second'`
  await at.db.execute(
    sql`update platform_signing_keys set ${sql.identifier(column)} = ${then} where kid = ${kid}`,
  )
  await at.db.insert(invalidations).values({ topic: 'signing_keys' })
}
/** A rotation whose new key signs on both processes already. */
async function rotated(): Promise<string> {
  const { kid } = await rotate(server, { isAtOnce: false })
  await age(server, kid, 'signs_from')
  for (const at of [server, second]) await eventually(async () => tokensOf(at).signingKid() === kid)
  return kid
}
const keyFacts = async (at: Server) =>
  (await at.facts()).filter(({ name }) => name.startsWith('tokens.'))
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
  for (let round = 0; round < 3; round += 1) {
    await server.db.delete(signingKeys)
    const started = await Promise.all(
      Array.from({ length: 5 }, () => startServer({ location: server.location })),
    )
    const kids = new Set(started.map((each) => tokensOf(each).signingKid()))
    expect(kids.size).toBe(1)
    expect(await server.db.$count(signingKeys)).toBe(1)
  }
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
    const next = await refreshAt(second, ada.refreshToken)
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
    await age(server, made.kid, 'signs_from')
    for (const at of [server, second])
      await eventually(async () => tokensOf(at).signingKid() === made.kid)
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
        subjectId: made.kid,
        data,
      },
    ])
  })

  test('waits for the one before: of ten at once one makes a key', async () => {
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          codeOf(rotate(index % 2 ? server : second, { isAtOnce: false })),
        ),
      )
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'tokens.key_pending')).toHaveLength(9)
      const pending = (await list(server)).find(({ state }) => state === 'pending')
      await age(server, pending?.kid ?? '', 'signs_from')
    }
    expect(await server.db.$count(signingKeys)).toBe(6)
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
        ;({ accessToken, refreshToken } = await refreshAt(at, refreshToken))
        for (const any of [server, second]) statuses.add((await useAt(any, accessToken)).status)
      }
      expect(kidOf(accessToken)).toBe(made.kid)
    }
    expect([...statuses]).toEqual([200])
  })
})

describe('a retirement', () => {
  test('is refused for the key that signs, forced or not, and says so in the facts', async () => {
    expect(await codeOf(retire(server, first))).toBe('tokens.key_signing')
    expect(await codeOf(retire(server, first, { isForced: true }))).toBe('tokens.key_signing')
    expect(await stateOf(server, first)).toBe('signing')
    expect(await codeOf(retire(server, 'nobody'))).toBe('tokens.key_not_found')
  })

  test('is refused while its tokens may be alive; forced, they are dead on every process within a second', async () => {
    const ada = await server.as()
    const kid = await rotated()
    expect(await codeOf(retire(server, first))).toBe('tokens.key_in_use')
    expect((await useAt(second, ada.accessToken)).status).toBe(200)
    await retire(server, first, { isForced: true })
    expect((await useAt(server, ada.accessToken)).status).toBe(401)
    await eventually(async () => (await useAt(second, ada.accessToken)).status === 401, 5_000)
    for (const at of [server, second]) expect(await kidsAt(at)).toEqual([kid])
    // The session stands: its refresh token brings a token of the new key.
    const next = await refreshAt(second, ada.refreshToken)
    expect((await useAt(server, next.accessToken)).status).toBe(200)
    const [row] = (await list(server)).filter((key) => key.kid === first)
    expect(await keyFacts(server)).toContainEqual({
      name: 'tokens.key_retired',
      outcome: 'succeeded',
      actorId: 'test',
      subjectId: first,
      data: { algorithm: 'EdDSA', isForced: true, tokensUntil: row?.tokensUntil?.toISOString() },
    })
    expect(await codeOf(retire(server, first))).toBe('tokens.key_retired')
  })

  test('needs no force once the last token has expired, and none for a key that never signed', async () => {
    await server.as()
    const [{ tokensUntil } = { tokensUntil: null }] = await list(server)
    const latest = now() + server.settings.accessTokenExpiry + 30
    expect((tokensUntil?.getTime() ?? 0) / 1000).toBeGreaterThanOrEqual(latest - 5)
    expect((tokensUntil?.getTime() ?? 0) / 1000).toBeLessThan(latest + 65)
    const kid = await rotated()
    await age(server, first, 'tokens_until')
    await retire(server, first, { isDryRun: true })
    expect(await stateOf(server, first)).toBe('verifying')
    await retire(server, first)
    expect(await stateOf(server, first)).toBe('retired')
    const waiting = await rotate(server, { isAtOnce: false })
    await retire(server, waiting.kid)
    expect(await kidsAt(server)).toEqual([kid])
  })

  test('of ten at once happens once', async () => {
    await rotated()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => codeOf(retire(index % 2 ? server : second, first))),
    )
    expect(outcomes.toSorted()).toEqual(['done', ...Array(9).fill('tokens.key_retired')])
    const facts = await keyFacts(server)
    expect(facts.filter(({ name }) => name === 'tokens.key_retired')).toHaveLength(1)
  })

  test('that a process could not hear of at first is heard of later', async () => {
    const problems: unknown[] = []
    let failures = 2
    const tokens = {
      ...tokensOf(second),
      reload: async () => {
        failures -= 1
        if (failures >= 0) throw new Error('the database is away')
        await tokensOf(second).reload()
      },
    }
    const stop = followRotations(tokens, second.process.invalidations, (error) =>
      problems.push(error),
    )
    await server.db.insert(invalidations).values({ topic: 'signing_keys' })
    await eventually(async () => failures < 0)
    expect(problems).toHaveLength(2)
    stop()
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

describe('by the clock', () => {
  const everyHour = async (at: Server) => rotateByAge(at.ctx())

  test('nothing is rotated without TOKEN_KEY_ROTATION', async () => {
    await server.db.update(signingKeys).set({ signsFrom: new Date(0) })
    await everyHour(server)
    expect(await server.db.$count(signingKeys)).toBe(1)
  })

  test('a key that is old enough is rotated once, and retired a day after its last token', async () => {
    const aging = await startServer({
      location: server.location,
      environment: { TOKEN_KEY_ROTATION: '30d' },
    })
    const ada = await aging.as()
    await everyHour(aging)
    expect(await server.db.$count(signingKeys)).toBe(1)
    const before = new Date(Date.now() - 31 * 86_400_000)
    await server.db.update(signingKeys).set({ signsFrom: before })
    await tokensOf(aging).reload()
    for (let hour = 0; hour < 3; hour += 1) await everyHour(aging)
    expect((await list(aging)).map(({ state }) => state)).toEqual(['signing', 'pending'])

    const waiting = (await list(aging))[1]?.kid ?? ''
    await age(aging, waiting, 'signs_from')
    await eventually(async () => tokensOf(aging).signingKid() === waiting)
    await everyHour(aging)
    expect((await list(aging)).map(({ state }) => state)).toEqual(['verifying', 'signing'])
    expect((await useAt(aging, ada.accessToken)).status).toBe(200)
    await server.db
      .update(signingKeys)
      .set({ tokensUntil: new Date(Date.now() - 2 * 86_400_000) })
      .where(eq(signingKeys.kid, first))
    await everyHour(aging)
    expect((await list(aging)).map(({ state }) => state)).toEqual(['retired', 'signing'])
    expect((await keyFacts(aging)).map(({ name }) => name)).toEqual([
      'tokens.key_rotated',
      'tokens.key_retired',
    ])
  })
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
