/** One id, the whole story: what a request, a person, a job or an address has left behind, in order. */
import { expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { api, givenRegistration, me, newEmail, query } from '../auth/testing.ts'
import { givenInviter } from '../invitations/testing.ts'
import { logs } from './testing.ts'

const server = await startServer({ hasJobs: true })
const admin = await server.as('admin')
const trace = (id: string) => admin.get(`${api}/admin/trace/${encodeURIComponent(id)}`)

type Step = {
  kind: string
  at: string
  fact: { action: string; requestId: string } | null
  job: { id: string; name: string; state: string } | null
}
const namesOf = (steps: Step[]) => steps.map(({ fact, job }) => fact?.action ?? job?.name)

/** A registration, whose mail a job sends. */
async function givenStory() {
  const email = newEmail()
  const reply = await server.anonymous.post(`${api}/auth/register`, {
    email,
    password: 'correct horse battery staple',
  })
  const requestId = String(reply.headers['x-request-id'])
  const { steps } = await eventually(async () => {
    const { body } = await trace(requestId)
    const found = body.data as { steps: Step[] } | undefined
    const isDone = found?.steps.some(({ job }) => job?.state === 'completed')
    return isDone && found?.steps.some(({ kind }) => kind === 'mail') ? found : null
  })
  return { email, requestId, steps }
}

test('the id of a request leads to its facts, to the jobs it wanted, and to the mail they sent', async () => {
  const { requestId, steps } = await givenStory()
  const { body } = await trace(requestId)
  expect(body.data).toMatchObject({ kind: 'request', id: requestId, isComplete: true })
  expect(namesOf(steps)).toEqual(
    expect.arrayContaining([
      'users.user_registered',
      'access.role_granted',
      'auth.send_verification',
      'mail.sent',
    ]),
  )
  const times = steps.map(({ at }) => at)
  expect(times).toEqual(times.toSorted())
  for (const { fact } of steps) expect(fact?.requestId ?? requestId).toBe(requestId)
})

test('the id of a job leads to the request that wanted it', async () => {
  const { requestId, steps } = await givenStory()
  const job = steps.find(({ kind }) => kind === 'job')?.job
  const { body } = await trace(job?.id ?? '')
  expect(body.data).toMatchObject({ kind: 'job', id: job?.id })
  expect(namesOf(body.data.steps)).toEqual(
    expect.arrayContaining(['users.user_registered', job?.name, 'mail.sent']),
  )
  for (const { fact } of body.data.steps as Step[])
    expect(fact?.requestId ?? requestId).toBe(requestId)
})

test('an address leads to its user, and that somebody was looked up is recorded', async () => {
  const ada = await server.as('member')
  const changed = await ada.patch(me, { name: 'Ada' })
  const byAddress = await trace(ada.email.toUpperCase())
  expect(byAddress.body.data).toMatchObject({ kind: 'user', id: ada.userId })
  const names = namesOf(byAddress.body.data.steps)
  expect(names).toEqual(
    expect.arrayContaining([
      'users.user_registered',
      'users.user_updated',
      'audit.address_looked_up',
    ]),
  )
  const [lookUp] = (await admin.get(`${logs}?action=audit.address_looked_up`)).body.data
  expect(lookUp).toMatchObject({
    actor: { id: admin.userId },
    subjectId: ada.userId,
    data: { isKnown: true },
  })
  expect(JSON.stringify(lookUp).toLowerCase()).not.toContain(ada.email)
  const byId = await trace(ada.user.id)
  expect(byId.body.data).toMatchObject({ kind: 'user' })
  expect(namesOf(byId.body.data.steps)).toEqual(names)

  const entry = byId.body.data.steps.find(
    ({ fact }: Step) => fact?.action === 'users.user_updated',
  )?.fact
  const byEntry = await trace(entry.id)
  expect(byEntry.body.data).toMatchObject({ kind: 'entry' })
  expect(byEntry.body.data.steps).toMatchObject([
    { kind: 'fact', fact: { requestId: changed.headers['x-request-id'] } },
  ])
})

test('an address that nobody has, and an id that nobody knows, are not found, and the look-up is recorded', async () => {
  for (const id of [newEmail(), 'not-an-address@', '018f0000-0000-7000-8000-000000000000', 'x'])
    expect(await trace(id), id).toMatchObject({
      status: 404,
      body: { code: 'audit.nothing_found' },
    })
  const [lookUp] = (await admin.get(`${logs}?action=audit.address_looked_up`)).body.data
  expect(lookUp).toMatchObject({ subjectId: null, data: { isKnown: false } })
})

test('what was mailed to somebody is told by their id, without their address', async () => {
  const { email } = await givenRegistration(server)
  const found = await eventually(async () => {
    const { body } = await trace(email)
    const mails = (body.data?.steps as Step[] | undefined)?.filter(({ kind }) => kind === 'mail')
    return mails && mails.length > 0 ? mails : null
  })
  expect(namesOf(found)).toContain('mail.sent')
  expect(JSON.stringify(found)).not.toContain(email)
})

test('a payment, its attempt and what the provider told are one story, by whichever id it is asked for', async () => {
  const member = await server.as('member')
  const [payment] = await query<{ id: string }>(
    server,
    `insert into payments_payments (id, user_id, amount, asset, provider)
     values (gen_random_uuid(), $1, 1099, 'USD', 'stripe') returning id`,
    [member.userId],
  )
  const id = payment?.id ?? ''
  const [ref, event] = [`pi_${id.slice(0, 8)}`, `evt_${id.slice(0, 8)}`]
  // Asked for and told of within one millisecond.
  const at = new Date().toISOString()
  await query(
    server,
    `insert into payments_attempts (id, payment_id, number, kind, key, request, outcome, provider_ref, collection_ref, created_at)
     values (gen_random_uuid(), $1, 1, 'intent', $2, '{}', 'created', $3, $3, $4)`,
    [id, `pay_${id}_1`, ref, at],
  )
  await query(
    server,
    `insert into inbox_events
       (id, provider, provider_event_id, account, type, kind, object_id, is_live, raw, state, occurred_at, received_at)
     values (gen_random_uuid(), 'stripe', $1, '', 'payment_intent.succeeded', 'payment_intent', $2, false,
       'a body with secrets', 'processed', $3, $3)`,
    [event, ref, at],
  )
  for (const [asked, kind] of [
    [id, 'payment'],
    [ref, 'payment'],
    [event, 'event'],
  ] as const) {
    const { body, text } = await trace(asked)
    expect(body.data).toMatchObject({ kind, id: asked })
    const told = body.data.steps.filter((step: { moment: object | null }) => step.moment)
    expect(told).toMatchObject([
      { kind: 'attempt', moment: { name: 'created', ref, data: { paymentId: id, number: 1 } } },
      { kind: 'event', moment: { name: 'payment_intent.succeeded', ref } },
    ])
    expect(text).not.toContain('a body with secrets')
  }
})

test('who may not see payments sees the log around one, and nothing else', async () => {
  const member = await server.as('member')
  const [payment] = await query<{ id: string }>(
    server,
    `insert into payments_payments (id, user_id, amount, asset, provider)
     values (gen_random_uuid(), $1, 1099, 'USD', 'stripe') returning id`,
    [member.userId],
  )
  const root = await server.as('super_admin')
  await root.post(`${api}/roles`, { name: 'reader', rules: [{ permission: 'audit.trace' }] })
  const reader = await server.as('reader')
  const url = `${api}/admin/trace/${payment?.id}`
  expect((await reader.get(url)).body.code).toBe('audit.nothing_found')
})

test('nobody writes into the story of somebody else by naming a request after them', async () => {
  const victim = await server.as('member')
  const before = (await trace(victim.user.id)).body.data
  const forged = await server.anonymous.post(
    `${api}/auth/login`,
    { email: newEmail(), password: 'not the right one' },
    { 'x-request-id': victim.user.id },
  )
  expect(forged.headers['x-request-id']).not.toBe(victim.user.id)
  const after = (await trace(victim.user.id)).body.data
  expect(after).toMatchObject({ kind: 'user' })
  expect(namesOf(after.steps)).toEqual(namesOf(before.steps))
})

test('nor into the story of a payment, by what the provider calls it', async () => {
  const member = await server.as('member')
  const ref = `pi_${member.user.id.slice(0, 8)}`
  await query(
    server,
    `insert into payments_payments (id, user_id, amount, asset, provider, provider_ref)
     values (gen_random_uuid(), $1, 1099, 'USD', 'stripe', $2)`,
    [member.userId, ref],
  )
  const named = { 'x-request-id': ref }
  const login = { email: newEmail(), password: 'not the right one' }
  expect(
    (await server.anonymous.post(`${api}/auth/login`, login, named)).headers['x-request-id'],
  ).toBe(ref)
  const written = `select name from platform_events where request_id = $1`
  expect(await query(server, written, [ref])).toEqual([{ name: 'auth.sign_in_failed' }])
  expect((await trace(ref)).body.code).toBe('audit.nothing_found')
})

test('a slow request is found by its id, also when it left nothing else behind, by whoever may see slow requests', async () => {
  const member = await server.as('member')
  const id = `slow-${member.user.id.slice(0, 8)}`
  await query(
    server,
    `insert into monitoring_slow_requests (id, request_id, method, route, status, duration_ms, user_id, at)
     values (gen_random_uuid(), $1, 'GET', '/api/v1/users/me', 200, 4321, $2, now())`,
    [id, member.userId],
  )
  const { body } = await trace(id)
  expect(body.data).toMatchObject({ kind: 'request', id })
  expect(body.data.steps).toMatchObject([
    {
      kind: 'request',
      moment: {
        name: 'GET /api/v1/users/me',
        ref: member.userId,
        data: { status: 200, durationMs: 4321 },
      },
    },
  ])
  const root = await server.as('super_admin')
  await root.post(`${api}/roles`, { name: 'tracer', rules: [{ permission: 'audit.trace' }] })
  const tracer = await server.as('tracer')
  expect((await tracer.get(`${api}/admin/trace/${id}`)).body.code).toBe('audit.nothing_found')
})

test('an address that was invited leads to the invitation and its mail, and so does the invitation', async () => {
  const email = newEmail()
  const inviter = await givenInviter(server)
  const invited = await inviter.post(`${api}/invitations`, { email, role: 'member' })
  expect(invited.status).toBe(201)
  const { id } = invited.body.data
  const found = await eventually(async () => {
    const { body } = await trace(email)
    const steps = body.data?.steps as Step[] | undefined
    return steps?.some(({ kind }) => kind === 'mail') ? body.data : null
  })
  expect(found).toMatchObject({ kind: 'invitation', id })
  expect(namesOf(found.steps)).toEqual(
    expect.arrayContaining(['invitations.invited', 'invitations.send_invitation', 'mail.sent']),
  )
  expect(JSON.stringify(found)).not.toContain(email)
  const [lookUp] = (await admin.get(`${logs}?action=audit.address_looked_up`)).body.data
  expect(lookUp).toMatchObject({ subjectId: id, data: { isKnown: true } })

  const byId = (await trace(id)).body.data
  expect(byId).toMatchObject({ kind: 'invitation', id })
  expect(namesOf(byId.steps)).toEqual(
    expect.arrayContaining(['invitations.invited', 'mail.sent', 'audit.address_looked_up']),
  )
})
