/** Background work in administrators' hands, whichever store it lies in. */
import { env } from 'node:process'
import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { hasRedis, testRedis } from '../../platform/jobs/testing-servers.ts'
import { countFacts, crowd, query, tally, together } from '../auth/testing.ts'
import { discard, retry } from './dead-letters.ts'
import { deadName, givenDeadLetter, jobsUrl } from './testing.ts'

const isRequired = env['REQUIRE_SERVICES'] === '1'
const redis = (await hasRedis(isRequired)) ? await testRedis() : null
afterAll(() => redis?.close())
const stores: [string, Record<string, string>][] = [
  ['PostgreSQL', {}],
  ...(redis ? [['Redis', { REDIS_URL: redis.url }] as [string, Record<string, string>]] : []),
]

describe.each(stores)('on %s', async (_store, environment) => {
  const server = await startServer({ environment, hasJobs: true })
  const admin = await server.as('admin')
  const support = await server.as('support')
  const member = await server.as('member')

  test('a dead letter is listed with who wanted it and why it failed, and what is secret in it is masked', async () => {
    const id = await givenDeadLetter(server)
    const listed = await support.get(`${jobsUrl}?state=failed&name=${deadName}`)
    expect(listed.body.data).toContainEqual(
      expect.objectContaining({
        id,
        queue: 'maintenance',
        state: 'failed',
        attempts: 1,
        maxAttempts: 1,
        error: expect.any(String),
        wantedBy: { kind: 'user', id: 'somebody', onBehalfOf: null, requestId: 'the-request' },
        finishedAt: expect.any(String),
      }),
    )
    const { body, text } = await support.get(`${jobsUrl}/${id}`)
    expect(body.data.payload).toMatchObject({ runId: 'nobody' })
    expect(text).not.toContain('ash_t_of-somebody')
    const { queues } = (await support.get(`${jobsUrl}/queues`)).body.data
    const queue = queues.find(({ name }: { name: string }) => name === 'maintenance')
    expect(queue).toMatchObject({ concurrency: expect.any(Number) })
    expect(queue.failed).toBeGreaterThan(0)
  })

  test('pages go on where the one before ended, and say how many there are', async () => {
    const made = [
      await givenDeadLetter(server),
      await givenDeadLetter(server),
      await givenDeadLetter(server),
    ]
    const url = `${jobsUrl}?state=failed&name=${deadName}&limit=2`
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const next: string = cursor === '' ? url : `${url}&cursor=${cursor}`
      const { body } = await admin.get(next)
      expect(body.meta).toMatchObject({ isTotalExact: true, total: expect.any(Number) })
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.meta.nextCursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(made))
    expect(await admin.get(`${jobsUrl}?cursor=nonsense`)).toMatchObject({ status: 422 })
  })

  test('one is put back once, however many ask, and only by who may', async () => {
    const id = await givenDeadLetter(server)
    const url = `${jobsUrl}/${id}/retry`
    expect((await member.get(`${jobsUrl}/${id}`)).status).toBe(403)
    expect((await support.post(url)).status).toBe(403)
    expect((await admin.post(`${jobsUrl}/${randomUUID()}/retry`)).status).toBe(404)
    const replies = await together(crowd, () => admin.post(url))
    expect(tally(replies)[204]).toBeGreaterThan(0)
    const { 204: done = 0, 404: gone = 0, 409: late = 0 } = tally(replies)
    expect({ answered: done + gone + late, failures: server.failures }).toEqual({
      answered: crowd,
      failures: [],
    })
    expect(await countFacts(server, 'jobs.retried', id)).toBe(done)
    // It fails as before, and is the same dead letter again.
    await eventually(async () => (await server.process.jobs.find(id))?.state === 'failed')
  })

  test('whoever saw it before it ran and failed once more does not put it back, nor take it away', async () => {
    const id = await givenDeadLetter(server)
    const seen = await server.process.jobs.deadLetter(id)
    expect(await server.db.transaction((tx) => seen.hold(tx))).toBe(true)
    expect((await admin.post(`${jobsUrl}/${id}/retry`)).status).toBe(204)
    const again = await eventually(async () => {
      const job = await server.process.jobs.find(id)
      const isNew = job?.finishedAt?.getTime() !== seen.view.finishedAt?.getTime()
      return job?.state === 'failed' && isNew ? job : null
    })
    const jobs = { ...server.process.jobs, deadLetter: async () => seen }
    const ctx = server.ctx()
    const late = { code: 'jobs.not_a_dead_letter' }
    await expect(retry(ctx, jobs, id)).rejects.toMatchObject(late)
    await expect(discard(ctx, jobs, { id, reason: 'late' })).rejects.toMatchObject(late)
    expect(await server.process.jobs.find(id)).toEqual(again)
    expect(await countFacts(server, 'jobs.retried', id)).toBe(1)
    expect(await countFacts(server, 'jobs.discarded', id)).toBe(0)
  })

  test('one that some put back while others throw it away goes one way', async () => {
    const id = await givenDeadLetter(server)
    const url = `${jobsUrl}/${id}`
    const replies = await together(crowd, (index) =>
      index % 2 === 0
        ? admin.post(`${url}/retry`)
        : admin.post(`${url}/discard`, { reason: 'enough' }),
    )
    const { 204: done = 0, 404: gone = 0, 409: late = 0 } = tally(replies)
    expect({ answered: done + gone + late, failures: server.failures }).toEqual({
      answered: crowd,
      failures: [],
    })
    expect(done).toBeGreaterThan(0)
    const retried = replies.filter(({ status }, index) => status === 204 && index % 2 === 0)
    expect(await countFacts(server, 'jobs.retried', id)).toBe(retried.length)
    const discarded = await countFacts(server, 'jobs.discarded', id)
    expect(discarded).toBeLessThanOrEqual(1)
    // What was thrown away is gone whatever was asked for since; anything else has failed as before.
    await eventually(async () => {
      const { status, body } = await admin.get(url)
      return discarded === 1 ? status === 404 : body.data?.state === 'failed'
    })
  })

  test('those of a kind are put back together', async () => {
    const ids = [await givenDeadLetter(server), await givenDeadLetter(server)]
    const { status, body } = await admin.post(`${jobsUrl}/retry`, { name: deadName })
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ left: 0 })
    expect(body.data.retried).toBeGreaterThanOrEqual(ids.length)
    for (const id of ids) expect(await countFacts(server, 'jobs.retried', id)).toBe(1)
    expect((await support.post(`${jobsUrl}/retry`, { name: deadName })).status).toBe(403)
    const none = await admin.post(`${jobsUrl}/retry`, { name: 'no.such_job' })
    expect(none.body.data).toEqual({ retried: 0, left: 0 })
  })

  test('one that is thrown away is gone, and why is in the audit log, once', async () => {
    const id = await givenDeadLetter(server)
    const url = `${jobsUrl}/${id}/discard`
    expect((await support.post(url, { reason: 'no' })).status).toBe(403)
    expect((await admin.post(url, {})).status).toBe(422)
    const replies = await together(crowd, () => admin.post(url, { reason: 'its run is over' }))
    const { 204: done = 0, 404: late = 0 } = tally(replies)
    expect({ done: done > 0, answered: done + late }).toEqual({ done: true, answered: crowd })
    expect(server.failures).toEqual([])
    expect(await countFacts(server, 'jobs.discarded', id)).toBe(1)
    expect((await admin.get(`${jobsUrl}/${id}`)).status).toBe(404)
    expect((await admin.post(url, { reason: 'again' })).status).toBe(404)
    const [details] = await query<{ personal: object }>(
      server,
      `select d.personal from platform_event_details d join platform_events e on e.id = d.event_id
       where e.name = 'jobs.discarded' and e.subject_id = $1`,
      [id],
    )
    expect(details?.personal).toEqual({ reason: 'its run is over' })
  })

  test('what waits is no dead letter', async () => {
    const [row] = await query<{ id: string }>(
      server,
      `insert into platform_job_outbox (id, name, payload, origin, run_at, next_at)
       values ($1, 'library.nobody_knows', '{}', '{"kind":"system","id":"test","onBehalfOf":null,"requestId":"r"}',
         now(), now() + interval '1 hour') returning id`,
      [randomUUID()],
    )
    const url = `${jobsUrl}/${row?.id}`
    expect((await admin.get(url)).body.data).toMatchObject({ state: 'outbox', queue: null })
    for (const reply of [
      await admin.post(`${url}/retry`),
      await admin.post(`${url}/discard`, { reason: 'no' }),
    ])
      expect(reply).toMatchObject({ status: 409, body: { code: 'jobs.not_a_dead_letter' } })
  })

  test('what the clock starts is listed with how it went, and is started by hand', async () => {
    const name = 'auth.forget_passkey_challenges'
    const url = `${jobsUrl}/schedules`
    const find = async () =>
      (await support.get(url)).body.data.find((each: { name: string }) => each.name === name)
    expect(await eventually(find)).toMatchObject({
      cron: '*/10 * * * *',
      nextAt: expect.any(String),
    })
    expect((await support.post(`${url}/${name}/run`)).status).toBe(403)
    expect((await admin.post(`${url}/no.such_job/run`)).body.code).toBe('jobs.schedule_not_found')
    expect((await admin.post(`${url}/${name}/run`)).status).toBe(204)
    const ran = await eventually(async () => {
      const { body } = await admin.get(`${jobsUrl}?name=${name}&state=completed`)
      return body.data[0] as { wantedBy: object } | undefined
    })
    expect(ran.wantedBy).toMatchObject({ kind: 'user', id: admin.userId })
    const byHand = (await server.facts()).filter((fact) => fact.name === 'jobs.started_by_hand')
    expect(byHand).toEqual([expect.objectContaining({ actorId: admin.userId, data: { name } })])
  })
})
