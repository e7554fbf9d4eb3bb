/** The chain over facts: whoever owns the database changes nothing unnoticed, and what they changed is named. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { findHead } from '../../platform/events/heads.ts'
import { rotateSigningKey, retireSigningKey } from '../../platform/tokens/index.ts'
import { query } from '../auth/testing.ts'
import { givenFacts, runSealing, sealAll, sealByForce } from './testing.ts'
import { verify } from './verifications.ts'

const server = await startServer({ environment: { AUDIT_HEAD_INTERVAL: '1m' } })
const admin = await server.as('admin')

type Options = Parameters<typeof verify>[1]
const check = (options?: Options) => verify(server.ctx(), options)

/** As if the last head had been signed long ago. */
const letHeadsAge = () =>
  query(server, `update platform_event_heads set at = at - interval '1 hour'`)
const signAgain = async () => {
  await letHeadsAge()
  await sealAll(server)
}

const tables = [
  'platform_events',
  'platform_event_details',
  'platform_event_seals',
  'platform_event_heads',
  'audit_verifications',
]
const each = (statement: (table: string) => string) => tables.map(statement).join(';')

/** Does something as the owner of the database, and undoes it from a copy: each test finds a chain that is whole. */
async function tampered<T>(statements: readonly string[], look: () => Promise<T>): Promise<T> {
  const copies = each((table) => `create table copy_of_${table} as select * from ${table}`)
  await query(server, [copies, ...statements].join(';'))
  try {
    return await look()
  } finally {
    await query(
      server,
      each(
        (table) =>
          `delete from ${table}; insert into ${table} select * from copy_of_${table}; drop table copy_of_${table}`,
      ),
    )
  }
}

test('a chain that nobody touched is good, before and after it is sealed', async () => {
  await givenFacts(server, 3)
  const early = await check()
  expect(early).toMatchObject({ isGood: true, problem: null })
  expect(early.unsealed.count).toBeGreaterThan(2)
  expect(early.unsealed.oldestAt).toMatch(/^\d{4}-.*Z$/)
  await sealAll(server)
  const sealed = await check()
  expect(sealed).toMatchObject({ isGood: true, problem: null, first: '1' })
  // The verification itself records nothing, so nothing waits.
  expect(sealed.unsealed).toEqual({ count: 0, oldestAt: null })
  expect(String(sealed.checked)).toBe(sealed.last)
  expect(sealed.heads).toBeGreaterThan(0)
})

test('a changed fact is named, whatever was changed of it', async () => {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  const [, id = ''] = ids
  for (const change of [
    `name = 'test.other'`,
    `outcome = 'refused'`,
    `actor_id = 'somebody'`,
    `on_behalf_of = 'somebody'`,
    `subject_id = null`,
    `data = '{"index": 7}'`,
    `details_hash = '\\x00'`,
    `request_id = 'other'`,
    `at = at + interval '1 microsecond'`,
  ]) {
    const verdict = await tampered(
      [`update platform_events set ${change} where id = '${id}'`],
      check,
    )
    expect(verdict.problem, change).toMatchObject({ kind: 'fact_changed', eventId: id })
    expect(verdict.problem?.message).toContain(id)
  }
  expect(await check()).toMatchObject({ isGood: true })
})

test('a removed fact is named', async () => {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  for (const id of ids) {
    const verdict = await tampered([`delete from platform_events where id = '${id}'`], check)
    expect(verdict.problem).toMatchObject({ kind: 'fact_missing', eventId: id })
  }
})

test('two facts that changed places are named, however they were swapped', async () => {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  const [a, b] = ids
  const swapIds = [
    `update platform_events set id = '018f0000-0000-7000-8000-000000000000' where id = '${a}'`,
    `update platform_events set id = '${a}' where id = '${b}'`,
    `update platform_events set id = '${b}' where id = '018f0000-0000-7000-8000-000000000000'`,
  ]
  expect((await tampered(swapIds, check)).problem).toMatchObject({ eventId: a })
  const swapContents = [
    `update platform_events e set data = o.data, subject_id = o.subject_id from platform_events o
     where (e.id, o.id) in (('${a}', '${b}'), ('${b}', '${a}'))`,
  ]
  const contents = await tampered(swapContents, check)
  expect(contents.problem).toMatchObject({ kind: 'fact_changed', eventId: a })
  const swapPositions = [
    `update platform_events e set position = o.position from platform_events o
     where (e.id, o.id) in (('${a}', '${b}'), ('${b}', '${a}'))`,
  ]
  const positions = await tampered(swapPositions, check)
  expect(positions.problem).toMatchObject({ kind: 'fact_moved', eventId: a })
  const swapSeals = [
    `update platform_event_seals s set event_id = case event_id when '${a}' then '${b}'::uuid else '${a}' end
     where event_id in ('${a}', '${b}')`,
  ]
  const seals = await tampered(swapSeals, check)
  expect(seals.problem?.kind).toBe('fact_moved')
  expect([a, b]).toContain(seals.problem?.eventId)
})

test('a fact that is slipped in between two others is named', async () => {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  const [a] = ids
  const columns = 'name, outcome, actor_kind, actor_id, subject_id, data, request_id, at'
  const forged = '018f0000-0000-7000-8000-00000000000f'
  for (const position of ['position', '0']) {
    const verdict = await tampered(
      [
        `insert into platform_events (id, position, ${columns})
         select '${forged}', ${position}, ${columns} from platform_events where id = '${a}'`,
      ],
      async () => {
        await runSealing(server)
        return check()
      },
    )
    expect(verdict.problem, position).toMatchObject({ kind: 'fact_inserted', eventId: forged })
  }
})

test('a fact that says it happened before a head was signed, and was not there then, is named', async () => {
  const { ids } = await givenFacts(server, 1)
  await signAgain()
  const forged = '018f0000-0000-7000-8000-00000000000e'
  const columns = 'name, outcome, actor_kind, actor_id, subject_id, data, request_id'
  const verdict = await tampered(
    [
      `insert into platform_events (id, position, ${columns}, at)
       select '${forged}', platform_position(pg_current_xact_id()), ${columns}, now() - interval '1 day'
       from platform_events where id = '${ids[0]}'`,
    ],
    async () => {
      await sealAll(server)
      return check()
    },
  )
  expect(verdict.problem).toMatchObject({ kind: 'fact_backdated', eventId: forged })
})

test('a missing seal is named, with its fact', async () => {
  const { ids } = await givenFacts(server, 3)
  await sealAll(server)
  const verdict = await tampered(
    [`delete from platform_event_seals where event_id = '${ids[1]}'`],
    check,
  )
  expect(verdict.problem).toMatchObject({ kind: 'seal_missing', eventId: ids[1] })
})

test('an end that was cut off is seen by the stored head, and without it by one kept elsewhere', async () => {
  const { ids } = await givenFacts(server, 3)
  await signAgain()
  const kept = await findHead(server.db, 'head')
  const heads = [{ name: 'a copy', document: kept?.document ?? '' }]
  expect(await check({ heads })).toMatchObject({ isGood: true })
  const list = ids.map((id) => `'${id}'`).join()
  const rows = `delete from platform_events where id in (${list})`
  const seals = `delete from platform_event_seals where event_id in (${list})`
  const newest = `delete from platform_event_heads where number = ${kept?.number}`

  const rowsOnly = await tampered([rows], check)
  expect(rowsOnly.problem).toMatchObject({ kind: 'fact_missing', eventId: ids[0] })
  const withSeals = await tampered([rows, seals], check)
  expect(withSeals.problem).toMatchObject({ kind: 'chain_cut_off', eventId: ids[2] })
  // Whoever removes the head as well is seen by what was verified before; who removes that too is not, from inside …
  const withHead = await tampered([rows, seals, newest], check)
  expect(withHead.problem).toMatchObject({ kind: 'chain_cut_off', eventId: ids[2] })
  const all = [rows, seals, newest, 'delete from audit_verifications']
  expect(await tampered(all, check)).toMatchObject({ isGood: true })
  // … and is by the copy, also after the chain has gone on.
  const outside = await tampered(all, () => check({ heads }))
  expect(outside.problem).toMatchObject({ kind: 'chain_cut_off', eventId: ids[2] })
  const grown = await tampered(all, async () => {
    await givenFacts(server, 5)
    await sealAll(server)
    return check({ heads })
  })
  expect(grown.problem).toMatchObject({ kind: 'head_contradicted', eventId: ids[2] })
})

test('a chain that was made anew contradicts the signed heads', async () => {
  const { ids } = await givenFacts(server, 3)
  await signAgain()
  const [{ number } = { number: '0' }] = await query<{ number: string }>(
    server,
    `select number from platform_event_seals where event_id = '${ids[0]}'`,
  )
  const verdict = await tampered(
    [
      `update platform_events set data = '{"index": 99}' where id = '${ids[0]}'`,
      `delete from platform_event_seals where number >= ${number}`,
    ],
    async () => {
      await sealByForce(server)
      return check()
    },
  )
  expect(verdict.problem).toMatchObject({ kind: 'head_contradicted', eventId: ids[2] })
})

test('a head that nobody of ours signed is not believed', async () => {
  await signAgain()
  const head = await findHead(server.db, 'head')
  const [top = '', body = '', signature = ''] = (head?.document ?? '').split('.')
  const encode = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const content = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  const other = encode({ ...content, number: '1' })
  for (const document of [`${top}.${other}.${signature}`, `${top}.${body}.`, 'x', ''])
    expect(
      (await check({ heads: [{ name: 'forged', document }] })).problem,
      document,
    ).toMatchObject({ kind: 'head_unbelieved' })
  const put = (document: string) => `update platform_event_heads set document = '${document}'`
  const changed = await tampered([put(`${top}.${other}.${signature}`)], check)
  expect(changed.problem).toMatchObject({ kind: 'head_unbelieved' })
  const asBeginning = await tampered([`update platform_event_heads set kind = 'cut'`], check)
  expect(asBeginning.problem).toMatchObject({ kind: 'head_unbelieved' })
})

test('a key that was slipped into the ring signs nothing that is believed', async () => {
  await signAgain()
  const head = await findHead(server.db, 'head')
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const encode = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const [, body = ''] = (head?.document ?? '').split('.')
  const text = `${encode({ alg: 'EdDSA', kid: 'theirs', typ: 'ashlar-head' })}.${body}`
  const document = `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`
  const jwk = JSON.stringify({
    ...publicKey.export({ format: 'jwk' }),
    kid: 'theirs',
    alg: 'EdDSA',
  })
  const columns = 'kid, algorithm, public_jwk, private_sealed, created_at, signs_from, retired_at'
  await query(
    server,
    `insert into platform_signing_keys (${columns})
     select 'theirs', algorithm, '${jwk}', private_sealed, created_at, signs_from, now() + interval '1 day'
     from platform_signing_keys limit 1`,
  )
  const verdict = await check({ heads: [{ name: 'theirs', document }] })
  expect(verdict.problem).toMatchObject({ kind: 'head_unbelieved' })
  await query(server, `delete from platform_signing_keys where kid = 'theirs'`)
})

test('heads are good after their key was rotated and retired', async () => {
  await signAgain()
  const old = server.ctx().ports.tokens.signingKid() ?? ''
  await rotateSigningKey(server.ctx(), { isAtOnce: true, isDryRun: false })
  await query(
    server,
    // However young the server is: on a fast machine it is younger than a second.
    `update platform_signing_keys
     set signs_from = now() - case when kid = $1 then interval '1 hour' else interval '1 second' end`,
    [old],
  )
  await server.ctx().ports.tokens.reload()
  await retireSigningKey(server.ctx(), old, { isForced: true, isDryRun: false })
  await givenFacts(server, 1)
  await signAgain()
  const verdict = await check()
  expect(verdict).toMatchObject({ isGood: true })
  expect(verdict.newestHead?.kid).not.toBe(old)
  expect(verdict.heads).toBeGreaterThan(1)
})

test('changed details are named, and missing ones for which there is no reason', async () => {
  const [row] = await query<{ id: string }>(
    server,
    `select event_id as id from platform_event_details where about = $1 limit 1`,
    [admin.userId],
  )
  await sealAll(server)
  const id = row?.id ?? ''
  const verdict = await tampered(
    [`update platform_event_details set ip = '203.0.113.7' where event_id = '${id}'`],
    check,
  )
  expect(verdict.problem).toMatchObject({ kind: 'details_changed', eventId: id })
  const erased = await tampered(
    [`delete from platform_event_details where event_id = '${id}'`],
    check,
  )
  expect(erased.problem).toMatchObject({ kind: 'details_missing', eventId: id })
})
