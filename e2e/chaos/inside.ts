/** What a trial may do besides being a client: let time pass, run the sweepers, and look at the books. */
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { systemActor } from '../../server/src/app/actors.ts'
import { openProcess } from '../../server/src/app/process.ts'
import { appliers, reconciliationParts, roomJobs } from '../../server/src/app/rooms.ts'
import { createAccount } from '../../server/src/features/auth/index.ts'
import { inboxJobs } from '../../server/src/features/inbox/index.ts'
import { checkLedger } from '../../server/src/features/ledger/index.ts'
import { type Run, findingsOf, reconcile } from '../../server/src/features/reconciliation/index.ts'
import { loadConfig } from '../../server/src/platform/config/index.ts'
import { createCtx } from '../../server/src/platform/context.ts'
import { AppError } from '../../server/src/platform/errors.ts'
import type { AnyJobType, Tick } from '../../server/src/platform/jobs/define.ts'
import { createMetrics, openLog } from '../../server/src/platform/telemetry/index.ts'
import { type Place, environmentOf } from './processes.ts'

/** Rooms whose rows grow older, and whose jobs by the clock are run, when time passes. A new room of money is added here. */
export const moneyRooms = [
  'payments',
  'refunds',
  'disputes',
  'checkout',
  'reconciliation',
  'inbox',
] as const

const mostFindings = 100
/** Two minutes: a comparison that was left behind is gone on with by then. */
const mostWaits = 240
const waitMs = 500

export type Inside = Awaited<ReturnType<typeof openInside>>

export async function openInside(place: Place) {
  const loaded = loadConfig(environmentOf(place))
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const { config } = loaded
  const { location } = place
  const opened = await openProcess({
    settings: { ...config, secretKey: config.secretKey ?? '' },
    location,
    log: openLog({
      level: 'silent',
      name: 'trial',
      version: 'test',
      output: { write: () => true },
    }),
    metrics: createMetrics({ version: 'test' }),
    eventLoopLagMs: () => 0,
  })
  const owner = new Pool({ connectionString: location.ownerUrl, max: 2 })
  owner.on('error', () => {})
  const ctx = () =>
    createCtx(opened.context, { actor: systemActor('trial'), requestId: randomUUID() })
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await owner.query<Row>(text, values)).rows
  const sweepers = [...roomJobs, ...inboxJobs(appliers)].filter(isSweeper)

  return {
    query,
    /** The names of what was run. */
    sweeperNames: sweepers.map(({ name }) => name),
    /** Somebody with an address and a password. */
    givenAccount: async (role = 'member') => {
      const email = `${randomBytes(6).toString('hex')}@example.com`
      const password = randomBytes(12).toString('base64url')
      const passwordHash = await opened.context.ports.passwords.hash(password)
      await ctx().tx((tx) => createAccount(tx, { email, passwordHash, role }))
      return { email, password }
    },
    /**
     * So many seconds later. Time is the database's, and cannot be put forward; so everything that these rooms have
     * written down about it is put back, leases and pauses included.
     */
    passTime: async (seconds: number) => {
      const columns = await query<{ table: string; columns: string[] }>(
        `select table_name as "table", array_agg(column_name::text) as columns from information_schema.columns
         where table_schema = 'public' and data_type = 'timestamp with time zone'
           and (split_part(table_name, '_', 1) = any($1) or table_name in ('platform_idempotency_keys', 'platform_job_outbox'))
         group by table_name order by table_name`,
        [moneyRooms],
      )
      for (const { table, columns: names } of columns)
        await query(
          `update "${table}" set ${names.map((name) => `"${name}" = "${name}" - make_interval(secs => $1)`).join(', ')}`,
          [seconds],
        )
    },
    /** Runs what the clock would run. */
    sweep: async () => {
      const tick: Tick = { scheduledFor: new Date().toISOString() }
      for (const { run } of sweepers) await run(ctx(), tick as never, new AbortController().signal)
    },
    /** Compares all there is, mends what can be mended, and says what it has seen. */
    reconcile: async (
      span: Run['span'] = 'full',
    ): Promise<Pick<Run, 'id' | 'state'> & { readonly found: readonly string[] }> => {
      const run = await whenNobodyElse(() =>
        reconcile(
          ctx(),
          reconciliationParts,
          { span, isDryRun: false, trigger: 'command' },
          { signal: new AbortController().signal },
        ),
      )
      const found = await findingsOf(ctx(), run.id, mostFindings)
      return {
        id: run.id,
        state: run.state,
        found: found.map(
          (each) =>
            `${each.outcome} ${each.class} ${each.kind} ${each.ref}: expected ${each.expected}, found ${each.found}`,
        ),
      }
    },
    check: async () => (await checkLedger(ctx())).findings,
    close: async () => {
      await opened.close()
      await owner.end()
    },
  }
}

function isSweeper({ name, cron }: AnyJobType): boolean {
  const [room = ''] = name.split('.')
  return cron !== null && moneyRooms.some((each) => each === room)
}

/** The servers' own clock begins a comparison when its hour comes: it is let finish first. */
async function whenNobodyElse(compare: () => Promise<Run>): Promise<Run> {
  for (let look = 1; ; look += 1) {
    try {
      return await compare()
    } catch (error) {
      const isUnderWay = error instanceof AppError && error.code === 'reconciliation.under_way'
      if (!isUnderWay || look === mostWaits) throw error
      await sleep(waitMs)
    }
  }
}
