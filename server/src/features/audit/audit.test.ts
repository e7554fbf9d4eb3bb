/** The audit log over HTTP: found by what it says, told to who may know, and one's own. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { everything } from '../../platform/rights/index.ts'
import { createCtx } from '../../platform/context.ts'
import { api, me, query } from '../auth/testing.ts'
import { activity, givenFacts, givenManyFacts, logs, newAction } from './testing.ts'
import { verify } from './verifications.ts'

const server = await startServer()
const admin = await server.as('admin')

/** Records something as somebody, in the name of somebody else. */
async function recordAs(
  actorId: string,
  onBehalfOf: string | null,
  name: string,
  subjectId: string | null = null,
) {
  const actor = {
    kind: 'user' as const,
    id: actorId,
    impersonatorId: null,
    onBehalfOf,
    sessionId: null,
    ip: '203.0.113.4',
    roles: [],
    ...everything,
  }
  const ctx = createCtx(server.process.context, { actor, requestId: `request-of-${name}` })
  await ctx.tx((tx) => tx.record({ name }, subjectId, { what: name }))
}

const actionsOf = (reply: { body: { data: { action: string }[] } }) =>
  reply.body.data.map(({ action }) => action)

describe('the audit log', () => {
  test('shows who did what to what, from where and in which request, and what changed', async () => {
    const ada = await server.as('member')
    const changed = await ada.patch(me, {
      name: 'Ada',
      locale: 'de',
      privacy: { email: 'members' },
    })
    const reply = await admin.get(`${logs}?action=users.user_updated&actor_user_id=${ada.userId}`)
    expect(reply).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(reply.body).toEqual({
      data: [
        {
          id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
          at: expect.stringMatching(/^\d{4}-.*Z$/),
          action: 'users.user_updated',
          status: 'succeeded',
          actor: { kind: 'user', id: ada.userId },
          onBehalfOf: null,
          subjectId: ada.userId,
          data: { fields: ['name', 'locale', 'emailAudience'] },
          before: { name: null, locale: 'en', emailAudience: 'nobody' },
          after: { name: 'Ada', locale: 'de', emailAudience: 'members' },
          ip: '127.0.0.1',
          requestId: changed.headers['x-request-id'],
        },
      ],
      meta: { nextCursor: null, total: 1, isTotalExact: true },
    })
    const [entry] = reply.body.data
    expect((await admin.get(`${logs}/${entry.id}`)).body).toEqual({ data: entry })
  })

  test('keeps what is personal of a change apart from the fact, and shows only what differs', async () => {
    const ada = await server.as('member')
    await ada.patch(me, { name: 'Ada' })
    await ada.patch(me, { name: 'Ada', bio: 'Counts.', privacy: { profile: 'members' } })
    const [fact] = await query<{ data: string; personal: string }>(
      server,
      `select data::text, personal::text from platform_events e join platform_event_details d on d.event_id = e.id
       where name = 'users.user_updated' and subject_id = $1 order by id desc limit 1`,
      [ada.userId],
    )
    expect(JSON.parse(fact?.data ?? '')).toEqual({ fields: ['bio'], before: {}, after: {} })
    expect(JSON.parse(fact?.personal ?? '')).toEqual({
      before: { bio: null },
      after: { bio: 'Counts.' },
    })
    await query(server, `delete from platform_event_details where personal_of = $1`, [ada.userId])
    const reply = await admin.get(`${logs}?target_user_id=${ada.userId}&action=users.user_updated`)
    expect(reply.body.data[0]).toMatchObject({
      data: { fields: ['bio'] },
      before: {},
      after: {},
      ip: null,
    })
  })

  test('says which roles somebody had before and after', async () => {
    const ada = await server.as('editor')
    const reply = await admin.get(`${logs}?action=access.role_granted&target_user_id=${ada.userId}`)
    expect(reply.body.data).toMatchObject([
      {
        data: { role: 'editor', fields: ['roles'] },
        before: { roles: [] },
        after: { roles: ['editor'] },
      },
    ])
  })

  test('goes page by page without gap or repetition while facts are added', async () => {
    const { name, ids } = await givenFacts(server, 5)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const filter = `action=${name}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`
      const { body } = await admin.get(`${logs}?${filter}`)
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      expect(body.meta.total).toBeGreaterThanOrEqual(5)
      cursor = body.meta.nextCursor
      if (seen.length === 2) await givenFacts(server, 1, name)
    } while (cursor !== null)
    expect(seen).toEqual(ids.toReversed())
  })

  test('is narrowed by each filter, in both spellings, and by several at once', async () => {
    const [actor, target, other] = await Promise.all([server.as(), server.as(), server.as()])
    const name = newAction()
    await recordAs(actor.user.id, null, name, target.userId)
    await recordAs(actor.user.id, other.userId, name, other.userId)
    await recordAs(other.user.id, null, name, target.userId)
    const count = async (filter: string) =>
      (await admin.get(`${logs}?action=${name}&${filter}`)).body.meta.total
    expect(await count('')).toBe(3)
    expect(await count(`actor_user_id=${actor.userId}`)).toBe(2)
    expect(await count(`actorUserId=${actor.userId}&actor_user_id=${actor.userId}`)).toBe(2)
    expect(await count(`target_user_id=${target.userId}`)).toBe(2)
    expect(await count(`targetUserId=${target.userId}&actorUserId=${actor.userId}`)).toBe(1)
    expect(await count(`subject=${other.userId}`)).toBe(1)
    expect(await count(`onBehalfOf=${other.userId}`)).toBe(1)
    expect(await count(`requestId=request-of-${name}`)).toBe(3)
    expect(await count('request_id=another')).toBe(0)
    expect(await count('room=test')).toBe(3)
    expect(await count('room=tes')).toBe(0)
    expect(await count('status=succeeded')).toBe(3)
    expect(await count('status=refused')).toBe(0)
    const [{ at } = { at: '' }] = (await admin.get(`${logs}?action=${name}&limit=1`)).body.data
    const after = new Date(Date.parse(at) + 1).toISOString()
    expect(await count(`from=${after}`)).toBe(0)
    expect(await count(`to=${after}`)).toBe(3)
    expect(await count('to=2020-01-01T00:00:00Z')).toBe(0)
    expect(await count('from=2020-01-01T00:00:00Z')).toBe(3)
  })

  test('finds refused attempts, with the permission that was missing', async () => {
    const ada = await server.as('member')
    expect((await ada.get(logs)).status).toBe(403)
    const reply = await admin.get(`${logs}?status=refused&actor_user_id=${ada.userId}`)
    expect(reply.body.data).toMatchObject([
      {
        action: 'http.request_refused',
        data: { permission: 'audit.read', code: 'access.forbidden', route: logs },
      },
    ])
  })

  test.each([
    'status=good',
    'actor_user_id=7',
    'target_user_id=',
    'from=yesterday',
    'room=Users',
    'action=',
    'limit=0',
    'limit=101',
    'action=a&action=b',
  ])('a filter it does not understand is said so: %s', async (filter) => {
    expect((await admin.get(`${logs}?${filter}`)).status).toBe(422)
  })

  test('two spellings of one filter that differ, and a cursor of somebody else’s, are refused', async () => {
    const [a, b] = [admin.userId, (await server.as()).userId]
    expect(await admin.get(`${logs}?actorUserId=${a}&actor_user_id=${b}`)).toMatchObject({
      status: 422,
      body: { code: 'audit.contradicting_filters', errors: [{ pointer: '/actor_user_id' }] },
    })
    expect(await admin.get(`${logs}?cursor=${'x'.repeat(20)}`)).toMatchObject({
      status: 422,
      body: { code: 'http.invalid_cursor' },
    })
  })

  test('counts to ten thousand, and says when there are more', async () => {
    const name = newAction()
    await givenManyFacts(server, 10_000, name)
    const exact = await admin.get(`${logs}?action=${name}&limit=1`)
    expect(exact.body.meta).toMatchObject({ total: 10_000, isTotalExact: true })
    await givenManyFacts(server, 1, name)
    const more = await admin.get(`${logs}?action=${name}&limit=1`)
    expect(more.body.meta).toMatchObject({ total: 10_000, isTotalExact: false })
  })

  test('an entry that does not exist is not found', async () => {
    expect(await admin.get(`${logs}/018f0000-0000-7000-8000-000000000000`)).toMatchObject({
      status: 404,
      body: { code: 'audit.fact_not_found' },
    })
    expect((await admin.get(`${logs}/7`)).status).toBe(404)
  })

  test.each(['member', 'support', 'moderator', 'editor', 'finance', 'employee', 'provider'])(
    'is closed to the role %s, and to strangers',
    async (role) => {
      const client = await server.as(role)
      for (const url of [
        logs,
        `${logs}/verification`,
        `${logs}/export?format=csv`,
        `${api}/admin/trace/x`,
      ]) {
        expect((await client.get(url)).status, url).toBe(403)
        expect((await server.anonymous.get(url)).status, url).toBe(401)
      }
    },
  )
})

describe('one’s own activity', () => {
  test('is what one did, what was done to one, and what somebody did in one’s name', async () => {
    const [ada, boss, stranger] = await Promise.all([server.as(), server.as('admin'), server.as()])
    const [done, suffered, impersonated, alien] = [1, 2, 3, 4].map(newAction)
    await recordAs(ada.user.id, null, done ?? '')
    await recordAs(boss.user.id, null, suffered ?? '', ada.userId)
    await recordAs(boss.user.id, ada.userId, impersonated ?? '', 'a post')
    await recordAs(boss.user.id, null, alien ?? '', stranger.userId)
    const reply = await ada.get(activity)
    expect(reply.status).toBe(200)
    const actions = actionsOf(reply)
    expect(actions.slice(0, 3)).toEqual([impersonated, suffered, done])
    expect(actions).not.toContain(alien)
    const [third, second, first] = reply.body.data
    expect(third).toMatchObject({
      actor: { kind: 'user', isYou: false },
      onYourBehalf: true,
      subjectId: 'a post',
      ip: null,
    })
    expect(second).toMatchObject({
      actor: { kind: 'user', isYou: false },
      onYourBehalf: false,
      ip: null,
    })
    expect(first).toMatchObject({ actor: { kind: 'user', isYou: true }, ip: '203.0.113.4' })
    // One row of the log has both: who acted, and in whose name.
    const row = await admin.get(`${logs}?action=${impersonated}`)
    expect(row.body.data).toMatchObject([
      { actor: { kind: 'user', id: boss.userId }, onBehalfOf: ada.userId },
    ])
    expect(reply.text).not.toContain(boss.userId)
  })

  test('shows one’s own changes in full, page by page, each once', async () => {
    const ada = await server.as('member')
    for (const name of ['Ada', 'Augusta', 'Ada Augusta']) await ada.patch(me, { name })
    const all = (await ada.get(`${activity}?limit=100`)).body.data
    const seen: object[] = []
    let cursor: string | null = null
    do {
      const { body } = await ada.get(
        `${activity}?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...body.data)
      cursor = body.meta.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(all)
    expect(new Set(seen.map((row) => JSON.stringify(row))).size).toBe(all.length)
    expect(all[0]).toMatchObject({
      action: 'users.user_updated',
      before: { name: 'Augusta' },
      after: { name: 'Ada Augusta' },
    })
  })

  test('is shown one by one, alike, and to nobody else', async () => {
    const ada = await server.as('member')
    await ada.patch(me, { name: 'Ada' })
    const [fact] = (await ada.get(`${activity}?limit=1`)).body.data
    expect(await ada.get(`${activity}/${fact.id}`)).toMatchObject({
      status: 200,
      body: { data: fact },
    })
    const bob = await server.as('member')
    expect(await bob.get(`${activity}/${fact.id}`)).toMatchObject({
      status: 404,
      body: { code: 'audit.fact_not_found' },
    })
    expect((await server.anonymous.get(`${activity}/${fact.id}`)).status).toBe(401)
  })

  test('is for who is signed in', async () => {
    expect((await server.anonymous.get(activity)).status).toBe(401)
  })
})

describe('the last verification', () => {
  test('is told with what it found, and null before there was one', async () => {
    expect((await admin.get(`${logs}/verification`)).body).toEqual({ data: null })
    await verify(server.ctx())
    expect((await admin.get(`${logs}/verification`)).body).toMatchObject({
      data: { isGood: true, problem: null, at: expect.stringMatching(/Z$/) },
    })
  })
})
