/** Transactions: what travels together, what a failure leaves behind, and that no connection is lost on the way. */
import { once } from 'node:events'
import { type AddressInfo, Socket, connect as connectTo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually, testDatabase } from '../../app/testing.ts'
import { sqlState, violatedConstraint } from './failures.ts'
import { type Database, type PoolOptions, type Tx, connect } from './index.ts'
import { statement } from './prepared.ts'
import { ahead, transact, transactAtOnce } from './transaction.ts'

const rows = pgTable('rows', { id: integer('id').primaryKey(), body: text('body') })
const insertRow = statement<{ id: number; body: string }>()((db: Tx, given) =>
  db.insert(rows).values({ id: given('id'), body: given('body') }),
)
const changeRow = statement<{ id: number; body: string }>()((db: Tx, given) =>
  db
    .update(rows)
    .set({ body: sql`${given('body')}` })
    .where(eq(rows.id, given('id'))),
)
const bodyOf = statement<{ id: number }>()((db: Tx, given) =>
  db
    .select({ body: rows.body })
    .from(rows)
    .where(eq(rows.id, given('id'))),
)

let database: Database
/** The operator's own connection. */
let client: Client
const connections: Client[] = []

let appUrl: string

beforeAll(async () => {
  const made = await testDatabase()
  appUrl = made.appUrl
  const { ownerUrl } = made
  client = new Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(
    `create table rows (id integer primary key, body text);
     grant select, insert, update on rows to ${new URL(appUrl).username}`,
  )
  database = open(appUrl)
  database.pool.on('connect', (connection) => connections.push(connection as Client))
})
beforeEach(() => client.query('truncate rows'))
afterAll(async () => {
  await database.close()
  await client.end()
})

const open = (url: string) => connect(optionsFor(url))

const optionsFor = (url: string): PoolOptions => ({
  url,
  role: null,
  size: 2,
  overflow: 0,
  acquireTimeoutSeconds: 5,
  recycleSeconds: 60,
  statementTimeoutSeconds: 10,
  lockTimeoutSeconds: 10,
  idleInTransactionTimeoutSeconds: 10,
  applicationName: 'transactions',
  onError: () => {},
})

const stored = async () =>
  (await client.query<{ id: number }>('select id from rows order by id')).rows.map(({ id }) => id)

test('statements that nobody waits for one by one run in their order, each seeing the one before', async () => {
  const seen = await transact(database.db, (tx) =>
    Promise.all([
      insertRow(tx, { id: 1, body: 'one' }),
      bodyOf(tx, { id: 1 }),
      changeRow(tx, { id: 1, body: 'two' }),
      bodyOf(tx, { id: 1 }),
    ]),
  )
  expect([seen[1], seen[3]]).toEqual([[{ body: 'one' }], [{ body: 'two' }]])
  expect(await stored()).toEqual([1])
})

test('a write behind a read, and a read behind a write, keep their order from the first statement on', async () => {
  for (let round = 0; round < 50; round += 1) {
    const seen = await transact(database.db, (tx) =>
      Promise.all([
        bodyOf(tx, { id: round }),
        insertRow(tx, { id: round, body: 'one' }),
        bodyOf(tx, { id: round }),
        changeRow(tx, { id: round, body: 'two' }),
        bodyOf(tx, { id: round }),
      ]),
    )
    expect([seen[0], seen[2], seen[4]]).toEqual([[], [{ body: 'one' }], [{ body: 'two' }]])
  }
})

test('they are on their way before the first is answered', async () => {
  const bytesSent = () =>
    connections.reduce((sum, { connection }) => {
      const { stream } = connection
      return sum + (stream instanceof Socket ? stream.bytesWritten : 0)
    }, 0)
  const body = 'x'.repeat(50_000)
  await client.query(`begin; insert into rows values (7, 'held')`)
  const before = bytesSent()
  const waiting = transact(database.db, (tx) =>
    Promise.all([
      tx.insert(rows).values({ id: 7 }).onConflictDoNothing(),
      insertRow(tx, { id: 8, body }),
    ]),
  )
  // Nobody can answer the first before the other transaction ends.
  const areSent = await eventually(async () => bytesSent() - before > body.length)
  await client.query('commit')
  await waiting
  expect(areSent).toBe(true)
  expect(await stored()).toEqual([7, 8])
})

test('the failure of one is what the caller hears, whatever was sent behind it, and nothing is kept', async () => {
  await transact(database.db, (tx) => insertRow(tx, { id: 1, body: 'there' }))
  const failed = transact(database.db, (tx) =>
    Promise.all([
      insertRow(tx, { id: 2, body: 'before' }),
      insertRow(tx, { id: 1, body: 'again' }),
      insertRow(tx, { id: 3, body: 'behind' }),
      bodyOf(tx, { id: 1 }),
    ]),
  )
  const error = await failed.catch((reason: unknown) => reason)
  expect(violatedConstraint(error)).toBe('rows_pkey')
  expect(await stored()).toEqual([1])
  // The connection is as good as before, and so are the statements it knows by name.
  expect(await transact(database.db, (tx) => bodyOf(tx, { id: 1 }))).toEqual([{ body: 'there' }])
  await transact(database.db, (tx) => insertRow(tx, { id: 3, body: 'behind' }))
  expect(await stored()).toEqual([1, 3])
})

test('a statement that is first asked for behind a failure can be asked for again', async () => {
  const fresh = statement<{ id: number }>()((db: Tx, given) =>
    db
      .select({ id: rows.id })
      .from(rows)
      .where(eq(rows.id, given('id'))),
  )
  const failed = transact(database.db, (tx) =>
    Promise.all([tx.execute(sql`select 1 / 0`), fresh(tx, { id: 1 }), fresh(tx, { id: 2 })]),
  )
  await expect(failed).rejects.toThrow('select 1 / 0')
  await insertOne()
  for (let connection = 0; connection < 4; connection += 1)
    expect(await transact(database.db, (tx) => fresh(tx, { id: 1 }))).toEqual([{ id: 1 }])
})

test('work that swallows the failure of a statement and goes on is not committed, and hears of it', async () => {
  const swallowed = transact(database.db, async (tx) => {
    await insertRow(tx, { id: 1, body: 'one' })
    await tx.execute(sql`select 1 / 0`).catch(() => {})
    return 'done'
  })
  await expect(swallowed).rejects.toThrow('went on')
  expect(await stored()).toEqual([])
})

test('no failure costs a connection: not of the work, not of a statement, not of the connection itself', async () => {
  const { pool, db } = database
  for (let round = 0; round < 6; round += 1) {
    await expect(transact(db, () => Promise.reject(new Error('the work')))).rejects.toThrow(
      'the work',
    )
    await expect(transact(db, (tx) => tx.execute(sql`select 1 / 0`))).rejects.toThrow(
      'select 1 / 0',
    )
    const ended = transact(db, (tx) =>
      tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`),
    )
    await expect(ended).rejects.toThrow('terminat')
  }
  await eventually(async () => pool.totalCount === pool.idleCount && pool.waitingCount === 0)
  await insertOne()
  expect(await stored()).toEqual([1])
})

test('a connection that fails at its first statement is not lost to the pool', async () => {
  const { pool, db } = database
  for (let round = 0; round < 6; round += 1) {
    const broken = await pool.connect()
    broken.release()
    // As a line that was cut without a word: the pool still takes it for a good one.
    Object.assign(broken, { query: () => Promise.reject(new Error('cut')) })
    await expect(transact(db, () => Promise.resolve())).rejects.toThrow('cut')
  }
  await insertOne()
  expect(await stored()).toEqual([1])
})

test('a transaction that cannot begin lets reads through at most, whoever waits for whom', async () => {
  // PostgreSQL reads a word that it does not know, and answers what comes behind it as if nothing had been.
  const behind = await openBehind((sent) => sent.replace('begin', 'begun'))
  const attempts: ((tx: Tx) => Promise<unknown>)[] = [
    (tx) => insertRow(tx, { id: 1, body: 'one' }),
    async (tx) => {
      await bodyOf(tx, { id: 1 })
      await insertRow(tx, { id: 2, body: 'two' })
    },
    (tx) =>
      Promise.all([
        bodyOf(tx, { id: 1 }),
        insertRow(tx, { id: 3, body: 'three' }),
        bodyOf(tx, { id: 3 }),
      ]),
    (tx) => bodyOf(tx, { id: 1 }),
  ]
  try {
    for (const attempt of attempts) {
      const error = await transact(behind.db, attempt).catch((reason: unknown) => reason)
      expect(sqlState(error)).toBe('42601')
    }
  } finally {
    await behind.close()
  }
  expect(await stored()).toEqual([])
})

test('commit goes along with what is left to it, before that is answered', async () => {
  let sent = ''
  const behind = await openBehind((said) => {
    sent += said
    return said
  })
  try {
    await client.query(`begin; insert into rows values (7, 'held')`)
    const waiting = transact(behind.db, async (tx) => {
      await ahead(tx, insertRow(tx, { id: 8, body: 'eight' }))
      await ahead(tx, insertOrLeave(tx, { id: 7, body: 'seven' }))
    })
    // Nobody can answer it before the other transaction ends, which sees its own row only.
    const isSent = await eventually(async () => sent.includes('commit'))
    expect(await stored()).toEqual([7])
    await client.query('commit')
    await waiting
    expect(isSent).toBe(true)
    expect(await stored()).toEqual([7, 8])
  } finally {
    await behind.close()
  }
})

test('what was left to the end fails the transaction, with its own failure, and nothing is kept', async () => {
  const { pool, db } = database
  await insertOne()
  for (let round = 0; round < 6; round += 1) {
    const failed = transact(db, async (tx) => {
      await ahead(tx, insertRow(tx, { id: 2, body: 'before' }))
      await ahead(tx, insertRow(tx, { id: 1, body: 'again' }))
      await ahead(tx, insertRow(tx, { id: 3, body: 'behind' }))
      return 'done'
    })
    expect(violatedConstraint(await failed.catch((reason: unknown) => reason))).toBe('rows_pkey')
    const noticed = transact(db, async (tx) => {
      await ahead(tx, insertRow(tx, { id: 1, body: 'again' }))
      await bodyOf(tx, { id: 1 })
    })
    expect(violatedConstraint(await noticed.catch((reason: unknown) => reason))).toBe('rows_pkey')
    const refused = transact(db, async (tx) => {
      await ahead(tx, insertRow(tx, { id: 1, body: 'again' }))
      throw new Error('the work')
    })
    await expect(refused).rejects.toThrow('the work')
  }
  await eventually(async () => pool.totalCount === pool.idleCount && pool.waitingCount === 0)
  expect(await stored()).toEqual([1])
})

test('no more than a hundred writes are on their way at a time', async () => {
  await client.query(`begin; insert into rows values (0, 'held')`)
  let left = 0
  const waiting = transact(database.db, async (tx) => {
    for (let id = 0; id < 250; id += 1) {
      await ahead(tx, insertOrLeave(tx, { id, body: 'many' }))
      left += 1
    }
  })
  await eventually(async () => left >= 99)
  await client.query('select pg_sleep(0.1)')
  expect(left).toBe(99)
  await client.query('commit')
  await waiting
  expect(await stored()).toHaveLength(250)
})

test('a write that is asked for when the transaction is over does not stand for itself', async () => {
  for (const end of [() => Promise.resolve(), () => Promise.reject(new Error('the work'))]) {
    const late: Promise<unknown>[] = []
    const over = transact(database.db, async (tx) => {
      late.push(after(() => insertRow(tx, { id: 1, body: 'late' })))
      return end()
    })
    await over.catch(() => {})
    const reason = { cause: { message: expect.stringContaining('is over') } }
    await expect(Promise.all(late)).rejects.toMatchObject(reason)
  }
  expect(await stored()).toEqual([])
})

test('one statement is a transaction by itself: nothing goes before it and nothing comes behind', async () => {
  const texts: string[] = []
  const refusal = { cause: { message: expect.stringContaining('is one statement') } }
  const heard = connect({ ...optionsFor(appUrl), onQuery: (sent) => texts.push(sent) })
  try {
    await transactAtOnce(heard.db, (tx) => insertRow(tx, { id: 1, body: 'one' }))
    expect(texts).toEqual([expect.stringMatching(/^insert into "rows"/)])
    const twice = transactAtOnce(heard.db, async (tx) => {
      await bodyOf(tx, { id: 1 })
      await insertRow(tx, { id: 2, body: 'two' })
    })
    await expect(twice).rejects.toMatchObject(refusal)
    await expect(
      transactAtOnce(heard.db, (tx) =>
        Promise.all([bodyOf(tx, { id: 1 }), insertRow(tx, { id: 2, body: 'two' })]),
      ),
    ).rejects.toMatchObject(refusal)
    expect(await stored()).toEqual([1])
  } finally {
    await heard.close()
  }
})

test('one statement that fails leaves nothing, and costs no connection', async () => {
  const { pool, db } = database
  for (let round = 0; round < 6; round += 1) {
    await expect(transactAtOnce(db, () => Promise.reject(new Error('the work')))).rejects.toThrow(
      'the work',
    )
    const ended = transactAtOnce(db, (tx) =>
      tx.execute(sql`insert into rows select id, pg_terminate_backend(pg_backend_pid())::text
        from generate_series(1, 2) id`),
    )
    await expect(ended).rejects.toThrow('terminat')
  }
  await eventually(async () => pool.totalCount === pool.idleCount && pool.waitingCount === 0)
  expect(await stored()).toEqual([])
  await transactAtOnce(db, (tx) => insertRow(tx, { id: 1, body: 'one' }))
  expect(await stored()).toEqual([1])
})

const insertOrLeave = statement<{ id: number; body: string }>()((db: Tx, given) =>
  db
    .insert(rows)
    .values({ id: given('id'), body: given('body') })
    .onConflictDoNothing(),
)

async function after<T>(act: () => Promise<T>): Promise<T> {
  await pause(50)
  return act()
}

/** A pool whose connections run over a line of ours, which may change what is said. */
async function openBehind(change: (sent: string) => string): Promise<Database> {
  const line = createServer((near) => {
    const far = connectTo(Number(new URL(appUrl).port), '127.0.0.1')
    near.on('data', (bytes) => far.write(change(bytes.toString('latin1')), 'latin1'))
    far.pipe(near)
    // Whoever hangs up first is not told what the other still had to say.
    for (const end of [near, far]) end.on('error', () => {})
    near.on('close', () => far.destroy())
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  const url = new URL(appUrl)
  url.port = String((line.address() as AddressInfo).port)
  const behind = open(url.href)
  const close = async () => {
    await behind.close()
    line.close()
  }
  return { ...behind, close }
}

const insertOne = () => transact(database.db, (tx) => insertRow(tx, { id: 1, body: 'one' }))
