/** Retirement: the end of a key, by hand and by the clock, and not before its tokens are over. */
import { eq, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { AppError } from '../errors.ts'
import { invalidations, signingKeys } from '../tables.ts'
import { followRotations, retireSigningKey, rotateByAge, rotateSigningKey } from './index.ts'
import {
  type Server,
  changeKey,
  keyFacts,
  kidsAt,
  letSign,
  listAt,
  now,
  refreshAt,
  tokensOf,
  useAt,
} from './testing.ts'

const retire = (at: Server, kid: string, options: object = {}) =>
  retireSigningKey(at.ctx(), kid, { isForced: false, isDryRun: false, ...options })
const rotate = (at: Server) => rotateSigningKey(at.ctx(), { isAtOnce: false, isDryRun: false })
/** A rotation whose new key signs on both processes already. */
async function rotated(): Promise<string> {
  const { kid } = await rotate(server)
  await letSign(kid, server, second)
  return kid
}
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
    await eventually(async () => (await useAt(second, ada.accessToken)).status === 401)
    for (const at of [server, second]) expect(await kidsAt(at)).toEqual([kid])
    // The session stands: its refresh token brings a token of the new key.
    const next = (await refreshAt(second, ada.refreshToken)).body.data
    expect((await useAt(server, next.accessToken)).status).toBe(200)
    const [row] = (await listAt(server)).filter((key) => key.kid === first)
    expect(await keyFacts(server)).toContainEqual({
      name: 'tokens.key_retired',
      outcome: 'succeeded',
      actorId: 'test',
      onBehalfOf: null,
      subjectId: first,
      data: { algorithm: 'EdDSA', isForced: true, tokensUntil: row?.tokensUntil?.toISOString() },
    })
    expect(await codeOf(retire(server, first))).toBe('tokens.key_retired')
  })

  test('needs no force once the last token has expired, and none for a key that never signed', async () => {
    await server.as()
    const [{ tokensUntil } = { tokensUntil: null }] = await listAt(server)
    const latest = now() + server.settings.accessTokenExpiry + 30
    expect((tokensUntil?.getTime() ?? 0) / 1000).toBeGreaterThanOrEqual(latest - 5)
    expect((tokensUntil?.getTime() ?? 0) / 1000).toBeLessThan(latest + 65)
    const kid = await rotated()
    await changeKey(server, first, { tokensUntil: sql`now() - interval '1 second'` })
    await retire(server, first, { isDryRun: true })
    expect(await stateOf(server, first)).toBe('verifying')
    await retire(server, first)
    expect(await stateOf(server, first)).toBe('retired')
    const waiting = await rotate(server)
    await retire(server, waiting.kid)
    expect(await kidsAt(server)).toEqual([kid])
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
    expect((await listAt(aging)).map(({ state }) => state)).toEqual(['signing', 'pending'])

    const waiting = (await listAt(aging))[1]?.kid ?? ''
    await letSign(waiting, aging)
    await everyHour(aging)
    expect((await listAt(aging)).map(({ state }) => state)).toEqual(['verifying', 'signing'])
    expect((await useAt(aging, ada.accessToken)).status).toBe(200)
    await server.db
      .update(signingKeys)
      .set({ tokensUntil: new Date(Date.now() - 2 * 86_400_000) })
      .where(eq(signingKeys.kid, first))
    await everyHour(aging)
    expect((await listAt(aging)).map(({ state }) => state)).toEqual(['retired', 'signing'])
    expect((await keyFacts(aging)).map(({ name }) => name)).toEqual([
      'tokens.key_rotated',
      'tokens.key_retired',
    ])
  })
})
