/** Keys that change on two processes at once, by many hands, while tokens are issued and believed. */
import { expect, test } from 'vitest'
import { crowd, rounds, tally, together } from '../../features/auth/testing.ts'
import { startServer } from '../../app/testing.ts'
import { AppError } from '../errors.ts'
import { signingKeys } from '../tables.ts'
import { ensureSigningKey, retireSigningKey, rotateSigningKey } from './index.ts'
import {
  type Server,
  changeKey,
  keyFacts,
  kidOf,
  kidsAt,
  refreshAt,
  tokensOf,
  useAt,
} from './testing.ts'

const server: Server = await startServer()
const second: Server = await startServer({ location: server.location })
const ofBoth = (index: number) => (index % 2 ? server : second)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )
const rotate = (at: Server) => rotateSigningKey(at.ctx(), { isAtOnce: true, isDryRun: false })
const retire = (at: Server, kid: string) =>
  retireSigningKey(at.ctx(), kid, { isForced: true, isDryRun: false })
/** Both processes have heard of what changed. */
const hear = () => Promise.all([server, second].map((at) => tokensOf(at).reload()))

test('the first key is one, however many processes want it', async () => {
  for (let round = 0; round < rounds; round += 1) {
    await server.db.delete(signingKeys)
    await hear()
    await together(crowd, (index) => ensureSigningKey(ofBoth(index).ctx()))
    await hear()
    expect(await server.db.$count(signingKeys)).toBe(1)
    expect(tokensOf(server).signingKid()).toBe(tokensOf(second).signingKid())
  }
})

test('a key is rotated once and retired once, and whoever uses or refreshes a token meanwhile notices nothing', async () => {
  const half = crowd / 2
  let tokens: { accessToken: string; refreshToken: string } = await server.as()
  for (let round = 0; round < rounds; round += 1) {
    const old = tokensOf(server).signingKid() ?? ''
    const changes: string[] = []
    const rotating = await together(half, (index) =>
      Promise.all([
        codeOf(rotate(ofBoth(index))).then((outcome) => changes.push(outcome)),
        useAt(ofBoth(index + 1), tokens.accessToken),
      ]),
    )
    expect(changes.toSorted()).toEqual(['done', ...Array(half - 1).fill('tokens.key_pending')])
    expect(tally(rotating.map(([, reply]) => reply))).toEqual({ 200: half })

    await hear()
    const [next = ''] = (await kidsAt(server)).filter((kid) => kid !== old)
    await changeKey(server, next, { signsFrom: new Date() })
    await hear()
    const retirements: string[] = []
    const retiring = await together(half, (index) =>
      Promise.all([
        codeOf(retire(ofBoth(index), old)).then((outcome) => retirements.push(outcome)),
        refreshAt(ofBoth(index + 1), tokens.refreshToken),
      ]),
    )
    expect(retirements.toSorted()).toEqual(['done', ...Array(half - 1).fill('tokens.key_retired')])
    const refreshed = retiring.map(([, reply]) => reply)
    expect(tally(refreshed)).toEqual({ 200: half })
    expect(refreshed.map(({ body }) => kidOf(body.data.accessToken))).toEqual(
      refreshed.map(() => next),
    )

    await hear()
    for (const at of [server, second]) {
      expect(await kidsAt(at)).toEqual([next])
      expect((await useAt(at, tokens.accessToken)).status).toBe(401)
      expect((await useAt(at, refreshed[0]?.body.data.accessToken)).status).toBe(200)
    }
    tokens = refreshed[0]?.body.data
  }
  const done = (await keyFacts(server)).filter(({ outcome }) => outcome === 'succeeded')
  expect(done).toHaveLength(2 * rounds)
})

test('nothing here was our own failure', () => {
  expect([...server.failures, ...second.failures]).toEqual([])
})
