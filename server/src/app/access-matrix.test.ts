/** The access matrix: every route, tried by every role on their own things, on those of others, and by nobody. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { addPasskey } from '../features/auth/testing-passkeys.ts'
import { type Server, api, forgetUser, query, signIn } from '../features/auth/testing.ts'
import { chart } from '../features/ledger/index.ts'
import { accountOf, move, usd } from '../features/ledger/testing.ts'
import { givenEnrolled } from '../features/twofa/testing.ts'
import {
  type MatrixRow,
  changesBetween,
  matrixFile,
  namesOf,
  parseMatrix,
  ranks,
  reaching,
  roleNames,
} from './access-matrix.ts'
import { type Reply, type TestClient, startServer } from './testing.ts'

type Person = Awaited<ReturnType<Server['as']>>
/** `part`: of it, where the route names one. */
type Thing = { readonly path: string; readonly part?: string; readonly body?: object }

const file = path.resolve(import.meta.dirname, '../../..', matrixFile)
const matrix = parseMatrix(readFileSync(file, 'utf8'))
let server: Server
let root: Person
let factorId: string

beforeAll(async () => {
  server = await startServer()
  root = await server.as('super_admin')
  const enrolled = await givenEnrolled(server)
  const [factor] = await query<{ id: string }>(
    server,
    'select id from twofa_factors where user_id = $1',
    [enrolled.userId],
  )
  factorId = factor?.id ?? ''
})

const insert = async (person: Person, sql: string, more: readonly unknown[] = []) => {
  const values = [person.userId, ...more]
  const [row] = await query<{ id: string }>(server, `${sql} returning id`, values)
  return row?.id ?? ''
}
/** What was sent to them and kept here. */
const capturedMail = async (owner: Person) => {
  const messageId = `<${randomUUID()}@example.com>`
  await query(
    server,
    `insert into platform_captured_mails (id, message_id, "from", "to", subject, text, html, headers)
     values (gen_random_uuid(), $1, 'a@example.com', 'b@example.com', 's', 't', '<p>h</p>', '{}')`,
    [messageId],
  )
  return insert(
    owner,
    `insert into platform_events (id, name, outcome, actor_kind, actor_id, subject_id, data, request_id)
     values (gen_random_uuid(), 'mail.sent', 'succeeded', 'system', 'test', $1::text, $2, 'r')`,
    [{ messageId }],
  )
}
const made = async (reply: Promise<Reply>) => String((await reply).body.data.id)

/** What somebody of this rank may do, and nobody below. */
const rightOf: Readonly<Record<string, string>> = {
  member: 'users.read_any',
  admin: 'admin.suspend_users',
  super_admin: 'monitoring.configure',
}
const rulesOf = (rank: string) => [{ permission: rightOf[rank] ?? '' }]

let names = 0
const newRole = async (rank: string): Promise<string> => {
  const name = `made_${(names += 1)}`
  await query(server, 'insert into access_roles (name, rules) values ($1, $2)', [
    name,
    JSON.stringify(rulesOf(rank)),
  ])
  return name
}
const newAlert = (about: Person) =>
  insert(
    about,
    `insert into monitoring_alerts
       (id, type, severity, by, key, count, threshold, window_seconds, first_at, last_at)
     values (gen_random_uuid(), 'lock_out', 'low', 'subject', $1::text, 1, 1, 60, now(), now())`,
  )
const newServiceToken = async (backer: Person, rank: string): Promise<Thing> => ({
  path: await insert(
    backer,
    `insert into admin_service_tokens
       (id, backed_by, name, scopes, is_read_only, hash, hint, expires_at)
     values (gen_random_uuid(), $1, 'a program', array[$2], true,
       sha256(gen_random_uuid()::text::bytea), 'ash_', now() + interval '1 day')`,
    [rightOf[rank]],
  ),
})
const latestFactAbout = async (person: Person) => {
  const sql = 'select id from platform_events where subject_id = $1 order by id desc limit 1'
  const [fact] = await query<{ id: string }>(server, sql, [person.userId])
  return fact?.id ?? ''
}
const newInboxEvent = async (owner: Person): Promise<Thing> => ({
  path: await insert(
    owner,
    `insert into inbox_events
       (id, provider, provider_event_id, account, type, kind, object_id, is_live, raw, state, occurred_at)
     values (gen_random_uuid(), 'stripe', gen_random_uuid(), '', 'thing.changed', 'thing', $1::text, false, '{}',
       'received', now())`,
  ),
})
const newPayment = async (owner: Person): Promise<Thing> => ({
  path: await insert(
    owner,
    `insert into payments_payments (id, user_id, amount, asset, provider)
     values (gen_random_uuid(), $1, 1099, 'USD', 'stripe')`,
  ),
})
const newRun = (owner: Person) =>
  insert(
    owner,
    `insert into reconciliation_runs (id, provider, span, trigger, is_dry_run, state, since, stage, ended_at, problem)
     values (gen_random_uuid(), 'stripe', '24h', 'command', false, 'clean', now(), '', now(), $1)`,
  )
const newDrift = async (owner: Person): Promise<Thing> => ({
  path: await insert(
    owner,
    `insert into reconciliation_drifts
       (id, provider, class, severity, kind, ref, expected, found, state, first_seen_at, last_seen_at, last_run_id, our_id)
     values (gen_random_uuid(), 'stripe', 'orphan', 'critical', 'charge', gen_random_uuid(), 'nothing', '1 USD', 'open',
       now(), now(), gen_random_uuid(), $1)`,
  ),
  body: { note: 'looked at, and it is well' },
})
/** What somebody who administers does to an account, and why. */
const about = async (owner: Person): Promise<Thing> => ({
  path: owner.userId ?? '',
  body: { reason: 'asked on the phone' },
})
const payableTo = (owner: Person) => chart.providerPayable(owner.userId ?? '', 'USD')
const newInvitee = () => `invited-${(names += 1)}@example.com`
const newInvitation = async (_owner: Person, role: string): Promise<Thing> => {
  const [{ id } = { id: '' }] = await query<{ id: string }>(
    server,
    `insert into invitations_invitations (id, email, role, invited_by, mail_id, expires_at)
     values (gen_random_uuid(), $1, $2, $3, gen_random_uuid(), now() + interval '1 day') returning id`,
    [newInvitee(), role, root.userId],
  )
  return { path: id }
}

const newRefund = async (owner: Person) =>
  insert(
    owner,
    `insert into refunds_refunds (id, payment_id, user_id, amount, asset, provider, origin, state)
     values (gen_random_uuid(), $2, $1, 1099, 'USD', 'stripe', 'asked', 'failed')`,
    [(await newPayment(owner)).path],
  )
const newDispute = async (owner: Person): Promise<Thing> => ({
  path: await insert(
    owner,
    `insert into disputes_disputes
       (id, payment_id, user_id, amount, asset, provider, provider_ref, state, reason, has_evidence, claims,
        is_withdrawn, is_reinstated, movements, opened_at)
     values (gen_random_uuid(), $2, $1, 1099, 'USD', 'stripe', gen_random_uuid(), 'won', 'fraudulent', false, 0,
       true, true, 2, now())`,
    [(await newPayment(owner)).path],
  ),
  body: { text: 'it was delivered' },
})

const waitingJob = async (): Promise<Thing> => {
  const [job] = await query<{ id: string }>(
    server,
    `insert into platform_job_outbox (id, name, payload, origin, run_at, next_at)
     values (gen_random_uuid(), 'nobody.knows_it', '{}',
       '{"kind":"system","id":"test","onBehalfOf":null,"requestId":"r"}', now(), now() + interval '1 hour')
     returning id`,
  )
  return { path: job?.id ?? '', body: { reason: 'for the test' } }
}
const newSchedule = async (): Promise<Thing> => {
  const name = `nobody.knows_${(names += 1)}`
  await query(
    server,
    `insert into platform_job_schedules (name, cron, next_at) values ($1, '0 0 1 1 *', now())`,
    [name],
  )
  return { path: name }
}
const sessionOf = async (owner: Person): Promise<Thing> => {
  await signIn(server, owner.email)
  const sql = 'select id from auth_sessions where user_id = $1 order by id desc limit 1'
  const [session] = await query<{ id: string }>(server, sql, [owner.userId])
  return { path: owner.userId ?? '', part: session?.id ?? '' }
}
const keyOf = async (owner: Person): Promise<Thing> => ({
  path: owner.userId ?? '',
  part: await made(owner.post(`${api}/auth/api-keys`, { name: 'a key' })),
})

/**
 * What each route that names a thing is tried on: one that belongs to this person, or to nobody in particular; where it is
 * worth as much as the rights that are in it, to those of somebody in this role.
 */
const things: Readonly<Record<string, (owner: Person, rank: string) => Promise<Thing>>> = {
  'auth/api-keys/:id': async (owner) => ({
    path: await made(owner.post(`${api}/auth/api-keys`, { name: 'a key' })),
  }),
  'auth/passkeys/:id': async (owner) => ({
    path: (await addPasskey(owner)).passkeyId,
    body: { name: 'Phone' },
  }),
  'auth/sessions/:id': async (owner) => {
    const [session] = (await owner.get(`${api}/auth/sessions`)).body.data
    return { path: session.id }
  },
  'twofa/trusted-devices/:id': async (owner) => ({
    path: await insert(
      owner,
      `insert into twofa_trusted_devices (id, user_id, factor_id, expires_at)
       values (gen_random_uuid(), $1, $2, now() + interval '1 day')`,
      [factorId],
    ),
  }),
  'oidc/identities/:id': async (owner) => ({
    path: await insert(
      owner,
      `insert into oidc_identities (id, user_id, issuer, subject)
       values (gen_random_uuid(), $1, 'https://issuer.test', gen_random_uuid())`,
    ),
  }),
  'users/me/exports/:id/download': async (owner) => ({
    path: await insert(
      owner,
      `insert into privacy_exports (id, user_id, status, size_bytes, expires_at)
       values (gen_random_uuid(), $1, 'ready', 1, now() + interval '1 day')`,
    ),
  }),
  'users/me/activity/:id': async (owner) => {
    const ownFact = 'select id from platform_events where actor_id = $1 or subject_id = $1 limit 1'
    const [fact] = await query<{ id: string }>(server, ownFact, [owner.userId])
    return { path: fact?.id ?? '' }
  },
  'users/:id': async (owner) => ({ path: owner.userId ?? '' }),
  'users/:id/teams': async (owner) => ({ path: owner.userId ?? '', body: { teams: [] } }),
  'roles/:name': async (_owner, rank) => ({
    path: await newRole(rank),
    body: { description: 'changed' },
  }),
  'admin/users/:id': async (owner) => ({ path: owner.userId ?? '' }),
  'admin/users/:id/sessions': about,
  'admin/users/:id/sessions/:sessionId': sessionOf,
  'admin/users/:id/api-keys': about,
  'admin/users/:id/api-keys/:keyId': keyOf,
  'admin/users/:id/factors': about,
  'admin/users/:id/identities': about,
  'admin/users/:id/impersonations': about,
  'admin/jobs/:id': waitingJob,
  'admin/jobs/:id/retry': waitingJob,
  'admin/jobs/:id/discard': waitingJob,
  'admin/jobs/schedules/:name/run': newSchedule,
  'admin/mails/:id': async (owner) => ({
    path: await insert(
      owner,
      `insert into platform_events (id, name, outcome, actor_kind, actor_id, subject_id, data, request_id)
       values (gen_random_uuid(), 'mail.sent', 'succeeded', 'system', 'test', $1::text, '{}', 'r')`,
    ),
  }),
  'admin/mails/:id/page': async (owner) => ({ path: await capturedMail(owner) }),
  'admin/checklist/:part/test': async () => ({ path: 'signing_key' }),
  'admin/users/:id/suspend': about,
  'admin/users/:id/unsuspend': about,
  'admin/users/:id/sign-out': about,
  'admin/users/:id/reset-factors': about,
  'admin/users/:id/roles/:role': async (owner) => {
    await query(
      server,
      `insert into access_grants (user_id, role) values ($1, 'support') on conflict do nothing`,
      [owner.userId],
    )
    return about(owner)
  },
  'admin/service-tokens/:id': newServiceToken,
  'admin/service-tokens/:id/rotate': newServiceToken,
  'admin/audit-logs/:id': async (owner) => ({ path: await latestFactAbout(owner) }),
  'admin/trace/:id': async (owner) => ({ path: owner.userId ?? '' }),
  'payments/:id/refunds': newPayment,
  'refunds/:id': async (owner) => ({ path: await newRefund(owner) }),
  'refunds/:id/review': async (owner) => ({
    path: await newRefund(owner),
    body: { outcome: 'not_made', note: 'looked for, and not there' },
  }),
  'payments/surplus/:id/settlement': async (owner) => ({
    path: await insert(
      owner,
      `insert into payments_surplus (id, payment_id, provider, collection_ref, amount, asset)
       values (gen_random_uuid(), $2, 'stripe', concat($1::text, gen_random_uuid()), 1099, 'USD')`,
      [(await newPayment(owner)).path],
    ),
    body: { by: 'refund', note: 'looked at, and it is theirs' },
  }),
  'disputes/:id': newDispute,
  'disputes/:id/evidence': newDispute,
  'disputes/:id/acceptance': newDispute,
  'payments/:id': newPayment,
  'payments/:id/attempts': async (owner) => ({
    ...(await newPayment(owner)),
    body: { kind: 'intent' },
  }),
  'payments/:id/cancel': newPayment,
  'reconciliation/runs/:id': async (owner) => ({ path: await newRun(owner) }),
  'reconciliation/drifts/:id': newDrift,
  'reconciliation/drifts/:id/acceptance': newDrift,
  'payments/:id/timeline': newPayment,
  'admin/inbox/events/:id': newInboxEvent,
  'admin/inbox/events/:id/replay': newInboxEvent,
  'admin/monitoring/alerts/:id': async (owner) => ({ path: await newAlert(owner) }),
  'admin/monitoring/alerts/:id/acknowledge': async (owner) => ({ path: await newAlert(owner) }),
  'admin/monitoring/thresholds/:type': async () => ({
    path: 'failed_sign_in',
    body: {
      isEnabled: true,
      threshold: 20,
      windowSeconds: 600,
      severity: 'medium',
      coolDownSeconds: 3600,
    },
  }),
  'ledger/accounts/:id': async (owner) => ({ path: await accountOf(server, payableTo(owner)) }),
  'ledger/accounts/:id/postings': async (owner) => ({
    path: await accountOf(server, payableTo(owner)),
  }),
  'ledger/transactions/:id': async (owner) => ({
    path: (await move(server, chart.world('USD'), payableTo(owner), usd(1))).transaction.id,
  }),
  'invitations/:id': newInvitation,
  'invitations/:id/resend': newInvitation,
  // These name in their body whom or what it is about.
  'POST invitations': async (_owner, role) => ({ path: '', body: { email: newInvitee(), role } }),
  'POST roles': async (_owner, rank) => ({
    path: '',
    body: { name: `made_${(names += 1)}`, rules: rulesOf(rank) },
  }),
  'POST admin/impersonation': async (owner) => ({
    path: '',
    body: { userId: owner.userId, reason: 'asked on the phone' },
  }),
  'POST admin/service-tokens': async (_owner, rank) => ({
    path: '',
    body: { name: 'a program', scopes: [rightOf[rank]] },
  }),
}
/** Ids of what is offered to everybody; that there is none here is another answer than that one may not. */
const offered: Readonly<Record<string, string>> = {
  'oidc/:provider/callback': 'nobody',
  'oidc/:provider/link': 'nobody',
  'oidc/:provider/start': 'nobody',
  'docs/static/*': 'swagger-ui.css',
  '/account/*': 'security',
  '/admin/*': 'users',
  '/assets/*': 'index.js',
  '/storage/*': 'nothing',
}

const unknownId = '0197a3a4-5b5c-7d5e-8f60-718293a4b5c6'

const split = (route: string) => {
  const [method = '', url = ''] = route.split(' ')
  return { method, url, pattern: url.replace(`${api}/`, '') }
}

const thingFor = (route: string) => {
  const { method, pattern } = split(route)
  return things[pattern] ?? things[`${method} ${pattern}`]
}

const send = (client: TestClient, method: string, url: string, body: object = {}) => {
  if (method === 'GET') return client.get(url)
  if (method === 'DELETE') return client.delete(url)
  return method === 'POST'
    ? client.post(url, body, { 'idempotency-key': randomUUID() })
    : client[method === 'PUT' ? 'put' : 'patch'](url, body)
}

/** Whether the door said no; anything else, complaints about an empty body too, is from behind it. */
const isLetIn = ({ body }: Reply) =>
  !['access.unauthenticated', 'access.forbidden'].includes(String(body?.code))

/** What it costs to find out may be the session that asked: the next question is another person's. */
async function ask(role: string, people: Map<string, Person>) {
  const known = people.get(role)
  if (known) return known
  const person = await server.as(role)
  people.set(role, person)
  return person
}

/** What is done to an account: of that explanations know who may, before anybody tries. */
const isAboutAccounts = (pattern: string, { permission }: MatrixRow) =>
  permission !== null &&
  (/^(admin\/)?users\/:id/.test(pattern) || pattern === 'admin/impersonation')

const isExplained = async (by: Person, permission: string | null, account: string | null) => {
  const asked = `user=${by.userId}&permission=${permission}&resource=users:${account}`
  return (await root.get(`${api}/access/explain?${asked}`)).body.data.allowed
}

/** Past the door, and past every ceiling behind it. */
const isReached = ({ status }: Reply) => ![401, 403, 404].includes(status)

/** With an authenticator whose code was shown to administration: what is refused is refused by whose thing it is. */
const elevated = new Map<string, Person>()
async function equipped(role: string): Promise<Person> {
  const known = elevated.get(role)
  if (known) return known
  const person = await givenEnrolled(server, role)
  await query(server, 'update auth_sessions set elevated_at = now() where user_id = $1', [
    person.userId,
  ])
  await forgetUser(server, person.user.id)
  elevated.set(role, person)
  return person
}

test('names every route there is, and nothing else', () => {
  const declared = server.app.declaredRoutes.map((each) => `${each.method} ${each.path}`)
  expect(Object.keys(matrix).toSorted()).toEqual(declared.toSorted())
  const elsewhere = server.app.declaredRoutes.filter(({ path: at }) => !at.startsWith(`${api}/`))
  expect(elsewhere.filter(({ permission }) => permission !== null)).toEqual([])
})

test('says of every route that names a thing who reaches those of others, and how it is tried', () => {
  const named = Object.entries(matrix).filter(
    ([route, { others }]) => /[:*]/.test(route) || others !== undefined,
  )
  expect(named.filter(([, row]) => row.others === null)).toEqual([])
  const untried = named.filter(([route]) => {
    const { pattern } = split(route)
    return !thingFor(route) && !Object.hasOwn(offered, pattern)
  })
  expect(untried).toEqual([])
})

describe('as it is written', () => {
  const people = new Map<string, Person>()
  test.each(Object.entries(matrix))('%s', async (route, row: MatrixRow) => {
    const { method, url, pattern } = split(route)
    const thingOf = thingFor(route)
    const at = (thing: string, part = unknownId) =>
      url
        .replace(':role', 'support')
        .replace(/:\w+|\*/, thing)
        .replace(/:\w+/, part)
    const nobodys = at(offered[pattern] ?? unknownId)
    expect(isLetIn(await send(server.anonymous, method, nobodys)), 'anonymous').toBe(row.anonymous)

    for (const role of roleNames) {
      const person = await ask(role, people)
      const own = await thingOf?.(person, 'member')
      const reply = await send(person, method, own ? at(own.path, own.part) : nobodys, own?.body)
      const isUsed = isLetIn(reply) && !(own && reply.status === 404)
      expect(isUsed, `${role}: ${reply.text}`).toBe(namesOf(row.own).includes(role))
      if (method !== 'GET' && reply.status < 300) people.delete(role)
    }
    if (!thingOf) return
    for (const rank of ['member', ...ranks] as const) {
      const victim = await server.as(rank)
      const expected = rank === 'member' ? namesOf(row.others ?? []) : reaching(row, rank)
      for (const role of roleNames) {
        const thing = await thingOf(victim, rank)
        const person = await equipped(role)
        const isSaid = isAboutAccounts(pattern, row)
          ? await isExplained(person, row.permission, victim.userId)
          : expected.includes(role)
        expect(isSaid, `${role} on that of a ${rank}, explained`).toBe(expected.includes(role))
        const reply = await send(person, method, at(thing.path, thing.part), thing.body)
        expect(isReached(reply), `${role} on that of a ${rank}: ${reply.text}`).toBe(
          expected.includes(role),
        )
      }
    }
  })
})

/** Routes about accounts, tried on one's own: nobody suspends themselves, or gives themselves a role. */
test.each(
  Object.entries(matrix).filter(([route, row]) => isAboutAccounts(split(route).pattern, row)),
)('%s is explained as it is, on one’s own account', async (route, { permission }) => {
  const { method, url } = split(route)
  for (const role of roleNames) {
    const person = await equipped(role)
    const at = url.replace(':role', 'support').replace(/:\w+/, person.userId ?? '')
    const body = { userId: person.userId, teams: [], reason: 'asked on the phone' }
    const may = await isExplained(person, permission, person.userId)
    const reply = await send(person, method, at.replace(/:\w+/, unknownId), body)
    expect(isReached(reply), `${role}: ${reply.text}`).toBe(may)
  }
})

test('a difference between two is told route by route', () => {
  const row = { permission: 'a.b', stepUp: false, anonymous: false, own: ['admin'], others: [] }
  const before = { 'GET /a': row, 'GET /gone': row }
  const after = { 'GET /a': { ...row, anonymous: true, own: ['support'] }, 'GET /new': row }
  expect(changesBetween(before, after)).toEqual([
    { kind: 'gives', route: 'GET /a', what: 'anonymous', who: ['anybody'] },
    { kind: 'gives', route: 'GET /a', what: 'own', who: ['support'] },
    { kind: 'takes', route: 'GET /a', what: 'own', who: ['admin'] },
    { kind: 'takes', route: 'GET /gone', what: 'own', who: ['admin'] },
    { kind: 'gives', route: 'GET /new', what: 'own', who: ['admin'] },
  ])
  expect(changesBetween(after, after)).toEqual([])
  const others = ['admin', 'super_admin']
  const ranked = { ...row, others, ofRank: { admin: ['super_admin'] } }
  expect(changesBetween({ 'GET /a': ranked }, { 'GET /a': { ...row, others } })).toEqual([
    { kind: 'gives', route: 'GET /a', what: 'admin', who: ['admin'] },
  ])
})
