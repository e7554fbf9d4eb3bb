/** Another SECRET_KEY: what was signed before stays proven, what is forged is found, and the log goes on. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer, testDatabase } from '../../app/testing.ts'
import { findHead } from '../../platform/events/heads.ts'
import { monthsFrom } from '../../platform/events/months.ts'
import { resealSigningKeys } from '../../platform/tokens/index.ts'
import { query } from '../auth/testing.ts'
import { givenFactAt, givenFacts, runTending, sealAll, splitBefore } from './testing.ts'
import { verify } from './verifications.ts'

const location = await testDatabase()
const former = await startServer({ location })
const next = 'n8Xk2Vq7Lr4Tz9Wb3Yc6Hd1Jf5Gs0PmQaEuRiOoKx'
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

test('keys that are sealed anew vouch for old heads and for nothing new, and old months still go', async () => {
  const old = [await givenFactAt(former, daysAgo(700)), await givenFactAt(former, daysAgo(500))]
  await former.as('member')
  await sealAll(former)
  // A head and a cut of the former key, and a month that is due later.
  await splitBefore(former, monthsFrom(daysAgo(600), 0), 'older')
  await runTending(former)
  await sealAll(former)
  const head = await findHead(former.db, 'head')
  const kid = former.ctx().ports.tokens.signingKid() ?? ''
  const secrets = { former: former.settings.secretKey, next }
  expect(await resealSigningKeys(former.ctx(), { ...secrets, isDryRun: true })).toEqual({
    resealed: 1,
    unreadable: 0,
  })
  expect(former.ctx().ports.tokens.signingKid()).toBe(kid)
  await resealSigningKeys(former.ctx(), { ...secrets, isDryRun: false })
  expect((await former.facts()).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['tokens.keys_resealed', 'tokens.key_retired']),
  )

  const server = await startServer({ location, environment: { SECRET_KEY: next } })
  const { tokens } = server.ctx().ports
  expect(tokens.signingKid()).not.toBe(kid)
  expect(tokens.jwks().keys.map((key) => key.kid)).not.toContain(kid)
  const heads = [{ name: 'kept', document: head?.document ?? '' }]
  const check = (more: typeof heads = []) => verify(server.ctx(), { heads: [...heads, ...more] })
  expect((await check()).problem).toBeNull()
  await query(server, `update platform_event_heads set at = at - interval '1 hour'`)
  await givenFacts(server, 2)
  await sealAll(server)
  const after = await check()
  expect(after).toMatchObject({ isGood: true })
  expect(after.newestHead?.kid).toBe(tokens.signingKid())

  const [, body = ''] = (head?.document ?? '').split('.')
  const encode = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const text = `${encode({ alg: 'EdDSA', kid, typ: 'ashlar-head' })}.${body}`
  const theirs = generateKeyPairSync('ed25519').privateKey
  const document = `${text}.${sign(null, Buffer.from(text), theirs).toString('base64url')}`
  expect((await check([{ name: 'forged', document }])).problem).toMatchObject({
    kind: 'head_unbelieved',
  })

  const cut = await findHead(server.db, 'cut')
  await splitBefore(server, monthsFrom(daysAgo(420), 0), 'due')
  await runTending(server)
  expect((await findHead(server.db, 'cut'))?.number).toBeGreaterThan(cut?.number ?? 0n)
  for (const id of old)
    expect(await query(server, 'select from platform_events where id = $1', [id])).toEqual([])
  await sealAll(server)
  expect(await check()).toMatchObject({ isGood: true })
})
