/**
 * The yardstick: node:http and pg and nothing else. It runs the statement that a workload is about and answers with
 * the same JSON. It checks a session only where that is the work (whoami); it limits, logs, measures and guards nothing.
 */
import { availableParallelism } from 'node:os'
import { createHash, randomBytes } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, json } from 'node:stream/consumers'
import { verify } from '@node-rs/argon2'
import { Pool } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Usage } from './figures.ts'

export type BareOptions = {
  readonly databaseUrl: string
  readonly connections: number
  /** Statements are parsed once per connection, as a program tuned by hand would have it. */
  readonly isPrepared: boolean
  /** An answer of the other server to a sign-in: bare makes no tokens, and answers with as many bytes. */
  readonly signIn: { readonly data: Readonly<Record<string, unknown>> }
  /** Who sent a request, by its cookie: for the workloads in which finding that out is not the work. */
  readonly userIds: readonly (readonly [cookie: string, userId: string])[]
}

export type BareMessage = { readonly port: number } | Usage

/** As PASSWORD_HASH_CONCURRENCY is by default. */
const hashesAtOnce = availableParallelism() > 2 ? 2 : 1

type Row = Record<string, unknown>
type Query = (text: string, values?: unknown[]) => Promise<Row[]>
type Answer = { readonly status: number; readonly body: unknown }

process.on('message', (message: BareOptions | 'usage') => {
  if (message !== 'usage') return serve(message)
  const { user, system } = process.cpuUsage()
  tell({ rssMb: process.memoryUsage.rss() / 2 ** 20, cpuSeconds: (user + system) / 1e6 })
})
process.on('disconnect', () => process.exit(0))

const tell = (message: BareMessage) => process.send?.(message)

function serve(options: BareOptions): void {
  const pool = new Pool({ connectionString: options.databaseUrl, max: options.connections })
  const userIds = new Map(options.userIds)
  const named = createNames(options.isPrepared)
  const hashes = createSlots(hashesAtOnce)
  const query: Query = async (text, values = []) =>
    (await pool.query<Row>({ text, values, ...named(text) })).rows

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { url = '', method } = request
    const cookie = request.headers.cookie ?? ''
    const userId = userIds.get(cookie) ?? ''
    if (url === '/api/v1/users/me') return found(await whoami(query, cookie))
    if (url.startsWith('/api/v1/users?limit=')) return list(query, Number(url.slice(20)), userId)
    if (url.startsWith('/api/v1/users/')) return found(await read(query, url.slice(14), userId))
    if (url === '/api/v1/auth/api-keys' && method === 'POST') {
      const body = (await json(request)) as { name: string }
      return create(pool, named, body, userId)
    }
    if (url === '/api/v1/auth/login' && method === 'POST') {
      const body = (await json(request)) as { email: string; password: string }
      return signIn(query, hashes, body, options.signIn)
    }
    if (url === '/api/v1/webhooks/stripe') return intake(query, await buffer(request))
    return { status: 404, body: null }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (given) => send(response, given),
      (error: unknown) => send(response, { status: 500, body: { error: String(error) } }),
    )
  })
  server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }))
}

const found = (data: unknown): Answer =>
  data === null ? { status: 404, body: null } : { status: 200, body: { data } }

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

const accountColumns = `u.id, u.email, u.email_verified_at is not null as "emailVerified", u.name, u.username, u.bio, u.avatar_url as avatar,
       u.locale, u.time_zone as "timeZone", u.profile_audience as profile, u.email_audience as "emailAudience",
       u.name_audience as "nameAudience", u.bio_audience as "bioAudience", u.avatar_audience as "avatarAudience", u.websocket_id as "websocketId",
       u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
       coalesce((select array_agg(g.role order by g.role) from access_grants g where g.user_id = u.id), '{}') as roles`

function presentAccount(row: Row): Row {
  const { profile, emailAudience, nameAudience, bioAudience, avatarAudience, ...account } = row
  const privacy = {
    profile,
    email: emailAudience,
    name: nameAudience,
    bio: bioAudience,
    avatar: avatarAudience,
  }
  return { ...account, privacy }
}

/** The hash alone: the account is read, its password verified, and nothing is written. */
async function signIn(
  query: Query,
  hashes: <T>(work: () => Promise<T>) => Promise<T>,
  { email, password }: { email: string; password: string },
  example: BareOptions['signIn'],
): Promise<Answer> {
  const [row] = await query(
    `select c.password_hash as hash, ${accountColumns} from users_users u
     join auth_credentials c on c.user_id = u.id where u.email = $1`,
    [email],
  )
  const { hash, ...account } = row ?? {}
  const isRight = await hashes(() => verify(String(hash), password))
  if (!isRight) return { status: 401, body: null }
  const user = { ...presentAccount(account), lastLoginAt: new Date() }
  return { status: 200, body: { data: { ...example.data, user } } }
}

/** The bytes in one row: nobody asks who signed them, no object is marked, and nothing is wanted. */
async function intake(query: Query, raw: Buffer): Promise<Answer> {
  const event = JSON.parse(raw.toString())
  await query(
    `insert into inbox_events (id, provider, provider_event_id, account, type, kind, object_id, api_version, is_live, raw, state, occurred_at)
     values ($1, 'stripe', $2, '', $3, $4, $5, $6, $7, $8, 'received', to_timestamp($9)) on conflict do nothing`,
    [
      uuidv7(),
      event.id,
      event.type,
      event.data.object.object,
      event.data.object.id,
      event.api_version,
      event.livemode,
      raw,
      event.created,
    ],
  )
  return { status: 200, body: { received: true } }
}

/** So many at once, the others in line. */
function createSlots(count: number) {
  const waiting: (() => void)[] = []
  let free = count
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

async function whoami(query: Query, cookie: string): Promise<unknown> {
  const secret = cookie.slice(cookie.indexOf('=') + 1)
  const [row] = await query(
    `select ${accountColumns}
     from auth_sessions s join users_users u on u.id = s.user_id
     where s.cookie_hash = $1 and s.revoked_at is null and s.expires_at > now()
       and s.last_seen_at > now() - interval '7 days' and u.status = 'active'`,
    [createHash('sha256').update(secret).digest()],
  )
  return row ? { ...presentAccount(row), impersonation: null } : null
}

const shown = (column: string, audience: string) =>
  `case when ${audience} in ('public', 'members') or id = $1 then ${column} end`
const profileColumns = `id, ${shown('name', 'name_audience')} as name, username, ${shown('bio', 'bio_audience')} as bio,
  ${shown('avatar_url', 'avatar_audience')} as avatar, false as deleted,
  case when email_audience in ('public', 'members') or id = $1 then email end as email, created_at as "createdAt"`
const isVisible = `status = 'active' and email_verified_at is not null
  and (profile_audience in ('public', 'members') or id = $1)`

async function read(query: Query, id: string, readerId: string): Promise<unknown> {
  const [row] = await query(
    `select ${profileColumns} from users_users where id = $2 and ${isVisible}`,
    [readerId, id],
  )
  return row ?? null
}

async function list(query: Query, limit: number, readerId: string): Promise<Answer> {
  const rows = await query(
    `select ${profileColumns}, (extract(epoch from created_at) * 1000000)::bigint as "sortKey" from users_users where ${isVisible}
     order by created_at desc, id desc limit $2`,
    [readerId, limit + 1],
  )
  const last = rows[limit - 1]
  const hasMore = rows.length > limit && last !== undefined
  const nextCursor = hasMore
    ? Buffer.from(JSON.stringify([Number(last['sortKey']), last['id']])).toString('base64url')
    : null
  const data = rows.slice(0, limit)
  for (const row of data) delete row['sortKey']
  return { status: 200, body: { data, meta: { nextCursor } } }
}

async function create(
  pool: Pool,
  named: (text: string) => { name?: string },
  { name }: { name: string },
  userId: string,
): Promise<Answer> {
  const key = `ash_k_${randomBytes(32).toString('base64url')}0check`
  const client = await pool.connect()
  const query: Query = async (text, values = []) =>
    (await client.query<Row>({ text, values, ...named(text) })).rows
  try {
    await client.query('begin')
    const [row] = await query(
      `insert into auth_api_keys (id, user_id, name, hash, hint) values ($1, $2, $3, $4, $5)
       returning id, name, hint, scopes, expires_at as "expiresAt", last_used_at as "lastUsedAt",
         requests_per_minute as "requestsPerMinute", last_used_ip as "lastUsedIp", created_at as "createdAt"`,
      [uuidv7(), userId, name, createHash('sha256').update(key).digest(), key.slice(0, 12)],
    )
    const salt = randomBytes(16)
    await query(
      `with details as (
         insert into platform_event_details (event_id, about, ip, salt) values ($1, $5, $8, $10))
       insert into platform_events
         (id, position, name, outcome, actor_kind, actor_id, subject_id, data, details_hash, request_id)
       values ($1, platform_position(pg_current_xact_id()), $2, $3, $4, $5, $6, $7, $9, $11)`,
      [
        uuidv7(),
        'auth.api_key_created',
        'succeeded',
        'user',
        userId,
        row?.['id'],
        JSON.stringify({ scopes: null }),
        '127.0.0.1',
        createHash('sha256').update(salt).update('127.0.0.1').digest(),
        salt,
        'bare',
      ],
    )
    await client.query('commit')
    return { status: 201, body: { data: { ...row, key } } }
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** One name per statement text, or none. */
function createNames(isPrepared: boolean): (text: string) => { name?: string } {
  const names = new Map<string, string>()
  return (text) => {
    if (!isPrepared) return {}
    const name = names.get(text) ?? `bare${names.size}`
    names.set(text, name)
    return { name }
  }
}
