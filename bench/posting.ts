/**
 * Writers that post to the ledger as fast as they can, in a process of their own: by the ledger's room, or by the bare
 * statements that leave the same rows behind. Both meet the same triggers, which are part of what those rows cost.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { systemActor } from '../server/src/app/actors.ts'
import { openDatabase } from '../server/src/app/database.ts'
import { chart, openAccounts, post } from '../server/src/features/ledger/index.ts'
import { loadConfig } from '../server/src/platform/config/index.ts'
import { type ContextDeps, createCtx } from '../server/src/platform/context.ts'
import { money } from '../server/src/platform/money/index.ts'
import { type Sample, seenOf } from './figures.ts'

export type PostingOptions = { readonly databaseUrl: string; readonly connections: number }
export type PostingOrder = {
  readonly by: 'ashlar' | 'bare'
  readonly options: PostingOptions
  /** Whose wallets these are. */
  readonly owners: readonly string[]
  readonly writers: number
  readonly seconds: number
}

type Writer = (owner: string) => Promise<unknown>
const amount = 1099n

let opened: { readonly write: Writer; prepare(owners: readonly string[]): Promise<void> } | null =
  null

process.on('message', (order: PostingOrder) => {
  measure(order).then(
    (sample) => process.send?.(sample),
    (error: unknown) => process.send?.({ failure: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))

async function measure({ by, options, owners, writers, seconds }: PostingOrder): Promise<Sample> {
  opened ??= by === 'ashlar' ? openLedger(options) : openBare(options)
  const { write, prepare } = opened
  await prepare(owners)
  const latencies: number[] = []
  const before = process.cpuUsage()
  const started = performance.now()
  const until = started + seconds * 1000
  let turn = 0
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < until) {
        const from = performance.now()
        turn += 1
        await write(owners[turn % owners.length] ?? '')
        latencies.push(performance.now() - from)
      }
    }),
  )
  const elapsedMs = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  return {
    ...seenOf(latencies, elapsedMs),
    cpuMicros: (user + system) / latencies.length,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }
}

function openLedger({ databaseUrl, connections }: PostingOptions) {
  const secretKey = randomBytes(48).toString('base64')
  const loaded = loadConfig({
    NODE_ENV: 'test',
    SECRET_KEY: secretKey,
    DB_POOL_SIZE: String(connections),
    DB_MAX_OVERFLOW: '0',
    // Writers of one wallet wait for each other, and that is what is measured.
    DB_POOL_TIMEOUT: '60s',
    DB_LOCK_TIMEOUT: '60s',
    DB_STATEMENT_TIMEOUT: '60s',
  })
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const settings = { ...loaded.config, secretKey }
  const location = { appUrl: databaseUrl, ownerUrl: databaseUrl, role: null }
  const { db } = openDatabase(settings, location, { onError: () => {}, onQuery: () => {} })
  const context: ContextDeps = {
    db,
    // Nothing here reaches the outside world.
    ports: {} as ContextDeps['ports'],
    settings,
    onCommit: () => {},
  }
  const ctx = () => createCtx(context, { actor: systemActor('bench'), requestId: randomUUID() })
  const clearing = chart.pspClearing('stripe', 'USD')
  return {
    prepare: async (owners: readonly string[]) => {
      await ctx().tx((tx) =>
        openAccounts(tx, [clearing, ...owners.map((owner) => chart.providerPayable(owner, 'USD'))]),
      )
    },
    write: async (owner: string) => {
      const id = uuidv7()
      return ctx().tx((tx) =>
        post(tx, {
          idemKey: `payments.captured:${id}`,
          reason: 'payments.captured',
          ref: { type: 'payment', id },
          postings: [
            {
              debit: clearing,
              credit: chart.providerPayable(owner, 'USD'),
              amount: money(amount, 'USD'),
            },
          ],
        }),
      )
    },
  }
}

/** The same three rows in one transaction; no account is looked up, locked, or asked what there is. */
function openBare({ databaseUrl, connections }: PostingOptions) {
  const pool = new Pool({ connectionString: databaseUrl, max: connections })
  const ids = new Map<string, string>()
  let clearingId = ''
  return {
    prepare: async () => {
      const { rows } = await pool.query<{ id: string; kind: string; owner: string }>(
        'select id, kind, owner_id as owner from ledger_accounts',
      )
      for (const { id, kind, owner } of rows)
        if (kind === 'psp_clearing') clearingId = id
        else ids.set(owner, id)
    },
    write: async (owner: string) => {
      const client = await pool.connect()
      const id = uuidv7()
      try {
        await client.query('begin')
        await client.query(
          `insert into ledger_transactions (id, reason, idem_key, fingerprint, ref_type, ref_id, effective_at)
           values ($1, 'payments.captured', $2, $3, 'payment', $4, now())`,
          [id, `payments.captured:${id}`, createHash('sha256').update(id).digest(), id],
        )
        await client.query(
          `insert into ledger_postings (transaction_id, debit_id, credit_id, asset, amount)
           values ($1, $2, $3, 'USD', $4)`,
          [id, clearingId, ids.get(owner), amount],
        )
        await client.query(
          `insert into platform_events (id, position, name, outcome, actor_kind, actor_id, subject_id, data, request_id)
           values ($1, platform_position(pg_current_xact_id()), 'ledger.transaction_posted', 'succeeded', 'system', 'bench', $2, $3, 'bare')`,
          [
            uuidv7(),
            id,
            JSON.stringify({
              reason: 'payments.captured',
              ref: `payment:${id}`,
              reverses: null,
              moved: { USD: '1099' },
            }),
          ],
        )
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
  }
}
