/** The data both servers work on: 100,000 users, and some of them signed in. */
import { createHash, randomBytes } from 'node:crypto'
import { hash as argonHash } from '@node-rs/argon2'
import { Client } from 'pg'

/** A user who is signed in. */
export type Account = {
  readonly userId: string
  readonly email: string
  readonly cookie: string
  readonly csrfToken: string
}

export type Seed = {
  readonly accounts: readonly Account[]
  /** Users whose profile every signed-in user may see. */
  readonly visibleIds: readonly string[]
}

const userCount = 100_000
/** More than connections, and few enough for a request buffer each in the load generator. */
const accountCount = 320
const visibleCount = 3_200

/** Of every account. */
export const password = 'correct horse battery staple'

/** Writes the data into a migrated, empty database. `findCsrfToken` asks the server under test, once per account. */
export async function sow(
  ownerUrl: string,
  findCsrfToken: (cookie: string) => Promise<string>,
): Promise<Seed> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await sowUsers(client)
    const cookies = await sowSessions(client)
    // As autovacuum would have it after a while; and the writes of seeding are not to be measured.
    await client.query('vacuum analyze')
    const { rows } = await client.query<{ id: string }>(
      `select id from users_users where profile_audience <> 'nobody' order by md5(id::text) limit $1`,
      [visibleCount],
    )
    const accounts: Account[] = []
    for (const each of cookies)
      accounts.push({ ...each, csrfToken: await findCsrfToken(each.cookie) })
    return { accounts, visibleIds: rows.map(({ id }) => id) }
  } finally {
    await client.end()
  }
}

/** Seven in ten profiles are for members, two for everybody, one for nobody; a third shows its address. */
async function sowUsers(client: Client): Promise<void> {
  await client.query(
    `insert into users_users (id, email, email_verified_at, name, username, bio, profile_audience, email_audience,
       created_at, updated_at)
     select gen_random_uuid(), 'user' || n || '@example.com', now(), 'User Number ' || n, 'user' || n,
       'I am user number ' || n || ' of many, and this is what I say about myself.',
       case when n % 10 = 0 then 'nobody' when n % 10 < 3 then 'public' else 'members' end,
       case when n % 3 = 0 then 'members' else 'nobody' end,
       now() - n * interval '1 second', now()
     from generate_series(1, $1::int) n`,
    [userCount],
  )
  await client.query(
    `insert into access_grants (user_id, role) select id, 'member' from users_users`,
  )
}

async function sowSessions(client: Client): Promise<Omit<Account, 'csrfToken'>[]> {
  const secrets = Array.from({ length: accountCount }, () => {
    const secret = `ash_s_${randomBytes(32).toString('base64url')}`
    return { secret, hash: createHash('sha256').update(secret).digest() }
  })
  const { rows } = await client.query<{ userId: string; hash: Buffer }>(
    `insert into auth_sessions (id, user_id, kind, cookie_hash, expires_at)
     select gen_random_uuid(), u.id, 'cookie', h.hash, now() + interval '1 day'
     from unnest($1::bytea[]) with ordinality h (hash, n)
     join (select id, row_number() over (order by md5(email)) n from users_users where profile_audience <> 'nobody') u
       using (n)
     returning user_id as "userId", cookie_hash as hash`,
    [secrets.map(({ hash }) => hash)],
  )
  const emails = await sowPasswords(client, rows)
  const userOf = new Map(rows.map(({ userId, hash }) => [hash.toString('hex'), userId]))
  return secrets.map(({ secret, hash }) => {
    const userId = userOf.get(hash.toString('hex')) ?? ''
    const email = emails.get(userId) ?? ''
    return { userId, email, cookie: `__Host-ashlar_session=${secret}` }
  })
}

/** One hash for all, at the cost that production has by default. Returns the accounts' addresses by their ids. */
async function sowPasswords(
  client: Client,
  accounts: readonly { userId: string }[],
): Promise<Map<string, string>> {
  const hash = await argonHash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  const { rows } = await client.query<{ id: string; email: string }>(
    `with kept as (insert into auth_credentials (user_id, password_hash) select unnest($1::uuid[]), $2)
     select id, email from users_users where id = any($1)`,
    [accounts.map(({ userId }) => userId), hash],
  )
  return new Map(rows.map(({ id, email }) => [id, email]))
}
