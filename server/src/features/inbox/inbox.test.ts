/** What a provider says: who is believed, that it counts once, and that ours ends as the provider's is. */
import { createHmac, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { PermanentFailure } from '../../platform/jobs/errors.ts'
import { query, rounds, tally, together } from '../auth/testing.ts'
import type { Applied, Applier, ObjectRef } from './appliers.ts'
import { inboxJobs } from './index.ts'

const secret = 'whsec_a secret for tests, long enough to pass as one: 81b6'
const oldSecret = 'whsec_the secret before it, also long enough to be one: 22f0'
const url = '/api/v1/webhooks/stripe'
const events = '/api/v1/admin/inbox/events'
const none = new AbortController().signal

/** The provider's own truth, and ours, which the applier keeps in step with it. */
const theirs = new Map<string, number>()
const ours = new Map<string, number>()
const applications: string[] = []
let answer = async (_ref: ObjectRef): Promise<void> => {}
let parent: Applied = 'applied'

const things: Applier = {
  provider: 'stripe',
  kind: 'thing',
  look: async (_ctx, ref) => {
    const seen = theirs.get(ref.objectId) ?? 0
    await answer(ref)
    return async () => {
      if (parent === 'applied') {
        ours.set(ref.objectId, seen)
        applications.push(ref.objectId)
      }
      return parent
    }
  },
}
const environment = { STRIPE_WEBHOOK_SECRET: secret, STRIPE_WEBHOOK_OLD_SECRET: oldSecret }
const server = await startServer({ appliers: [things], hasJobs: true, environment })
const second = await startServer({
  appliers: [things],
  hasJobs: true,
  environment,
  location: server.location,
})
const finance = await server.as('finance')

type Given = { readonly objectId?: string; readonly [field: string]: unknown }

function eventOf({ objectId = `thing_${randomUUID()}`, ...fields }: Given = {}) {
  return {
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'thing.changed',
    api_version: '2026-02-25.clover',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { object: 'thing', id: objectId } },
    ...fields,
  }
}

const sign = (body: string, key = secret, at = Math.floor(Date.now() / 1000)) =>
  `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`

const post = (body: string, signature = sign(body), to = server) =>
  to.anonymous.post(url, body, { 'stripe-signature': signature })
const tell = (event: object, to = server) => {
  const body = JSON.stringify(event)
  return post(body, sign(body), to)
}
const stateOf = async (providerEventId: string): Promise<string | undefined> => {
  const [row] = await query<{ id: string }>(
    server,
    'select id from inbox_events where provider_event_id = $1',
    [providerEventId],
  )
  return row && (await finance.get(`${events}/${row.id}`)).body.data.state
}
const inState = (id: string, state: string) => eventually(async () => (await stateOf(id)) === state)

describe('who is believed', () => {
  test('a signed event is stored and answered, and the object is looked at', async () => {
    const event = eventOf()
    theirs.set(event.data.object.id, 7)
    expect(await tell(event)).toMatchObject({ status: 200, body: { received: true } })
    await inState(event.id, 'processed')
    expect(ours.get(event.data.object.id)).toBe(7)
  })

  test('M35 M37 what is not signed with a secret of ours is refused and not stored', async () => {
    const event = eventOf()
    const body = JSON.stringify(event)
    const refused = { status: 403, body: { code: 'inbox.not_signed' } }
    expect(await server.anonymous.post(url, body)).toMatchObject(refused)
    expect(await post(`${body} `, sign(body))).toMatchObject(refused)
    expect(await post(body, sign(body, 'whsec_of somebody else'))).toMatchObject(refused)
    expect(await post(body, sign(body).replace('v1=', 'v0='))).toMatchObject(refused)
    expect(await stateOf(event.id)).toBeUndefined()
    expect((await post(body, sign(body, oldSecret))).status).toBe(200)
  })

  test('M36 nor what was signed more than five minutes ago, or from now', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const [at, status] of [
      [now - 310, 403],
      [now - 280, 200],
      [now + 280, 200],
      [now + 310, 403],
    ] as const) {
      const body = JSON.stringify(eventOf())
      expect((await post(body, sign(body, secret, at))).status, String(at - now)).toBe(status)
    }
  })

  test('M35 what is signed and no event is a bad request; too much of it is not read', async () => {
    for (const body of ['', '{', '[]', '{"id":"evt_1"}'])
      expect(await post(body), body).toMatchObject({
        status: 400,
        body: { code: 'inbox.not_an_event' },
      })
    expect((await post('x'.repeat(257 * 1024))).status).toBe(413)
  })

  test('M38 outside production a secret is made where none is set, and the check stays on', async () => {
    const bare = await startServer({ appliers: [things] })
    const body = JSON.stringify(eventOf())
    expect((await bare.anonymous.post(url, body)).status).toBe(403)
    expect((await post(body, sign(body, ''), bare)).status).toBe(403)
  })
})

describe('what it does', () => {
  test('M39 the same event a hundred times on two servers is one row and one effect', async () => {
    const event = eventOf()
    const replies = await together(100, (index) => tell(event, index % 2 ? server : second))
    expect(tally(replies)).toEqual({ 200: 100 })
    await inState(event.id, 'processed')
    expect(
      await query(server, 'select 1 from inbox_events where provider_event_id = $1', [event.id]),
    ).toHaveLength(1)
    expect(applications.filter((id) => id === event.data.object.id)).toHaveLength(1)
  })

  test('whatever the order, the doubles and the delays: ours ends as the provider’s is', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const objectId = `thing_${randomUUID()}`
      answer = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      const told = Array.from({ length: 20 }, () => eventOf({ objectId }))
      await together(20, async (index) => {
        theirs.set(objectId, index)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30))
        const event = told[index] ?? eventOf()
        await tell(event, index % 2 ? server : second)
        if (index % 3 === 0) await tell(event, index % 2 ? second : server)
      })
      for (const { id } of told) await inState(id, 'processed')
      expect(ours.get(objectId)).toBe(theirs.get(objectId))
    }
    answer = async () => {}
  })

  test('whoever asked first and answers last changes nothing: the lease was somebody else’s', async () => {
    const event = eventOf()
    const objectId = event.data.object.id
    theirs.set(objectId, 1)
    const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>()
    const { promise: isLet, resolve: let_ } = Promise.withResolvers<void>()
    let isFirst = true
    answer = async (ref) => {
      if (ref.objectId !== objectId || !isFirst) return
      isFirst = false
      hold()
      await isLet
    }
    await tell(event)
    await isHeld
    theirs.set(objectId, 2)
    await query(
      server,
      `update inbox_objects set lease_until = now() - interval '1 second' where object_id = $1`,
      [objectId],
    )
    const later = eventOf({ objectId })
    await tell(later)
    await inState(later.id, 'processed')
    expect(ours.get(objectId)).toBe(2)
    const before = applications.length
    let_()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(ours.get(objectId)).toBe(2)
    expect(applications.slice(before)).not.toContain(objectId)
    answer = async () => {}
  })

  test('M44 what belongs to something unknown waits, is woken by the next event, and is given up after 72 hours', async () => {
    parent = 'parent_missing'
    const event = eventOf()
    const objectId = event.data.object.id
    await tell(event)
    await inState(event.id, 'waiting')
    parent = 'applied'
    const next = eventOf({ objectId })
    await tell(next)
    await inState(next.id, 'processed')
    await inState(event.id, 'processed')

    parent = 'parent_missing'
    const orphan = eventOf()
    await tell(orphan)
    await inState(orphan.id, 'waiting')
    await query(
      server,
      `update inbox_objects set troubled_since = now() - interval '73 hours' where object_id = $1`,
      [orphan.data.object.id],
    )
    await tell(eventOf({ objectId: orphan.data.object.id }))
    await inState(orphan.id, 'dead')
    expect((await server.facts()).map(({ name }) => name)).toContain('inbox.object_given_up')
    parent = 'applied'
  })

  test('a provider that fails is asked again; what can never be known is dead until somebody replays it', async () => {
    let failures = 2
    answer = async () => {
      failures -= 1
      if (failures >= 0) throw new Error('the provider is away')
    }
    const event = eventOf()
    await tell(event)
    await inState(event.id, 'retrying')
    for (let run = 0; run < 2; run += 1) await tell(eventOf({ objectId: event.data.object.id }))
    await inState(event.id, 'processed')

    answer = async () => {
      throw new PermanentFailure('it is gone')
    }
    const gone = eventOf()
    await tell(gone)
    await inState(gone.id, 'dead')
    answer = async () => {}
    const [{ id } = { id: '' }] = (await finance.get(`${events}?state=dead&limit=1`)).body.data
    expect((await finance.get(`${events}/${id}`)).body.data).toMatchObject({
      providerEventId: gone.id,
      object: { problem: 'impossible', detail: 'it is gone', attempts: 1 },
      body: JSON.stringify(gone),
    })
    expect((await finance.post(`${events}/${id}/replay`)).status).toBe(204)
    await inState(gone.id, 'processed')
  })

  test('M48 an event of the other mode, of an unknown kind, or about nothing is stored and ignored', async () => {
    for (const [event, reason] of [
      [eventOf({ livemode: true }), 'wrong_mode'],
      [eventOf({ data: { object: { object: 'unheard_of', id: 'x' } } }), 'unknown_kind'],
      [eventOf({ data: { object: { object: 'thing' } } }), 'no_object'],
    ] as const) {
      expect((await tell(event)).status).toBe(200)
      const [row] = await query(
        server,
        'select state, ignored_for from inbox_events where provider_event_id = $1',
        [event.id],
      )
      expect(row).toEqual({ state: 'ignored', ignored_for: reason })
    }
  })

  test('M45 a job that was lost is found by the sweeper', async () => {
    const event = eventOf()
    theirs.set(event.data.object.id, 3)
    await query(
      server,
      `insert into inbox_objects (id, provider, account, kind, object_id, dirty_seq)
       values (gen_random_uuid(), 'stripe', '', 'thing', $1, 1)`,
      [event.data.object.id],
    )
    const sweep = inboxJobs([things]).find(({ name }) => name === 'inbox.sweep')
    await sweep?.run(server.ctx(), { scheduledFor: new Date().toISOString() } as never, none)
    expect(await eventually(async () => ours.get(event.data.object.id) === 3)).toBe(true)
  })
})

describe('who may look', () => {
  test('finance reads and replays, a member does neither', async () => {
    const member = await server.as()
    expect((await member.get(events)).status).toBe(403)
    const list = await finance.get(`${events}?limit=2&provider=stripe`)
    expect(list.body.data).toHaveLength(2)
    expect(list.body.meta.nextCursor).toEqual(expect.any(String))
    const next = await finance.get(`${events}?limit=2&cursor=${list.body.meta.nextCursor}`)
    const ids = [...list.body.data, ...next.body.data].map(({ id }: { id: string }) => id)
    expect(new Set(ids).size).toBe(4)
    const totalOf = async (filter: string) =>
      (await finance.get(`${events}?limit=1${filter}`)).body.meta.total
    const counted = `select state, count(*)::int as count from inbox_events group by state`
    const found = await query<{ state: string; count: number }>(server, counted)
    expect(await totalOf('')).toBe(found.reduce((sum, { count }) => sum + count, 0))
    const processed = found.find(({ state }) => state === 'processed')
    expect(await totalOf('&state=processed')).toBe(processed?.count)
    const dead = await finance.get(`${events}?limit=100&state=dead`)
    expect(await totalOf('&state=dead')).toBe(dead.body.data.length)
    const [first] = list.body.data
    expect((await member.post(`${events}/${first.id}/replay`)).status).toBe(403)
    expect((await finance.get(`${events}/${randomUUID()}`)).body.code).toBe('inbox.event_not_found')
    expect((await finance.post(`${events}/${randomUUID()}/replay`)).status).toBe(404)
  })

  test('nothing here failed on our side', () => {
    expect([...server.failures, ...second.failures]).toEqual([])
  })
})
