/**
 * `npm run bench:enumeration`: does the time of an answer tell whether an address has an account? Two kinds of requests
 * in turns, on an idle server; AUC is the chance that an answer about a known address took longer than one about an
 * unknown one: 0.5 tells nothing. Every branch that answers alike must take alike (OWASP ASVS 6.3.8).
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/index.ts'
import { areaUnderCurve, median } from './figures.ts'
import { startAshlar } from './servers.ts'

const samples = Number(process.argv[2] ?? 300)
const warmUps = 20
const password = 'correct horse battery staple'
const wrong = 'not the password at all'
const fresh = () => `${randomBytes(8).toString('hex')}@example.com`

type Ask = () => { path: string; body: object }
type Person = { readonly email: string }

const dir = await mkdtemp(path.join(tmpdir(), 'ashlar-enumeration-'))
const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, 'database') })
const { appUrl, ownerUrl } = postgres
const server = await startAshlar({ dir, appUrl, ownerUrl, profileDir: null, hasLimits: false })
const client = new pg.Client({ connectionString: ownerUrl })
await client.connect()
try {
  const hash = await findHash()
  const people = {
    active: await makePeople('active', hash),
    unverified: await makePeople('unverified', hash),
    suspended: await makePeople('suspended', hash),
  }
  const next = (kind: keyof typeof people) => {
    let index = 0
    return () => people[kind][index++ % people[kind].length]?.email ?? ''
  }
  const login =
    (email: () => string, given: string): Ask =>
    () => ({
      path: '/auth/login',
      body: { email: email(), password: given },
    })
  const mail =
    (route: string, email: () => string): Ask =>
    () => ({
      path: route,
      body: { email: email() },
    })
  const pairs: readonly (readonly [name: string, known: Ask, unknown: Ask])[] = [
    ['sign-in, wrong password', login(next('active'), wrong), login(fresh, wrong)],
    ['sign-in, unverified', login(next('unverified'), password), login(fresh, password)],
    ['sign-in, suspended', login(next('suspended'), password), login(fresh, password)],
    [
      'forgotten password',
      mail('/auth/forgot-password', next('active')),
      mail('/auth/forgot-password', fresh),
    ],
    [
      'verification again',
      mail('/auth/resend-verification', next('active')),
      mail('/auth/resend-verification', fresh),
    ],
    ['sign-in by mail', mail('/auth/magic-link', next('active')), mail('/auth/magic-link', fresh)],
    [
      'registration',
      () => ({ path: '/auth/register', body: { email: people.active[0]?.email, password } }),
      () => ({ path: '/auth/register', body: { email: fresh(), password } }),
    ],
  ]
  console.log('| Answer | AUC | Median, known | Median, unknown |\n|---|---|---|---|')
  for (const [name, known, unknown] of pairs) {
    const times = await measure(known, unknown)
    const auc = areaUnderCurve(times.known, times.unknown).toFixed(3)
    const [left, right] = [times.known, times.unknown].map((each) => median(each).toFixed(2))
    console.log(`| ${name} | ${auc} | ${left} ms | ${right} ms |`)
  }
} finally {
  await client.end()
  await server.stop()
  await postgres.stop()
  await rm(dir, { recursive: true, force: true })
}

async function measure(known: Ask, unknown: Ask) {
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let round = -warmUps; round < samples; round += 1)
    for (const kind of round % 2
      ? (['known', 'unknown'] as const)
      : (['unknown', 'known'] as const)) {
      const ms = await timeOf((kind === 'known' ? known : unknown)())
      if (round >= 0) times[kind].push(ms)
    }
  return times
}

async function timeOf({ path: route, body }: ReturnType<Ask>): Promise<number> {
  const started = performance.now()
  const reply = await fetch(`${server.url}/api/v1${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await reply.arrayBuffer()
  const ms = performance.now() - started
  if (![202, 401].includes(reply.status)) throw new Error(`${route} answered ${reply.status}`)
  return ms
}

/** A hash as this server makes it: of somebody who registers. */
async function findHash(): Promise<string> {
  await timeOf({ path: '/auth/register', body: { email: fresh(), password } })
  const { rows } = await client.query<{ password_hash: string }>(
    'select password_hash from auth_verifications limit 1',
  )
  return rows[0]?.password_hash ?? ''
}

/** As many as there are samples, so that nobody is asked about twice: lock-out and mail limits stay out of it. */
async function makePeople(kind: 'active' | 'unverified' | 'suspended', hash: string) {
  const { rows } = await client.query<Person>(
    `with made as (
       insert into users_users (id, email, status, email_verified_at)
       select gen_random_uuid(), md5(random()::text || n) || '@example.com', $2,
         case when $3 then null else now() end
       from generate_series(1, $1::int) n returning id, email),
     granted as (insert into access_grants (user_id, role) select id, 'member' from made),
     kept as (insert into auth_credentials (user_id, password_hash) select id, $4 from made where not $3)
     select email from made`,
    [samples + warmUps, kind === 'suspended' ? 'suspended' : 'active', kind === 'unverified', hash],
  )
  return rows
}
