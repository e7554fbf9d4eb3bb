/** For Prometheus: how runs ended, what is open, and how old the last good one is. */
import { and, count, desc, eq, inArray, sql } from 'drizzle-orm'
import type { ReadCtx } from '../../platform/context.ts'
import type { ReconciliationFigures } from '../../platform/telemetry/index.ts'
import { releasesAllowed } from './releases.ts'
import { drifts, runs } from './tables.ts'

export async function readReconciliationFigures(
  ctx: Pick<ReadCtx, 'db'>,
): Promise<ReconciliationFigures> {
  const ended = await ctx.db
    .select({ state: runs.state, count: count() })
    .from(runs)
    .groupBy(runs.state)
  const open = await ctx.db
    .select({
      name: drifts.class,
      severity: drifts.severity,
      state: drifts.state,
      count: count(),
    })
    .from(drifts)
    .where(inArray(drifts.state, ['open', 'suspected', 'accepted']))
    .groupBy(drifts.class, drifts.severity, drifts.state)
  const [last] = await ctx.db
    .select({
      ageSeconds: sql`extract(epoch from now() - ${runs.endedAt})`.mapWith(Number),
      balances: runs.balances,
    })
    .from(runs)
    .where(and(inArray(runs.state, ['clean', 'drift']), eq(runs.isDryRun, false)))
    .orderBy(desc(runs.id))
    .limit(1)
  const { isAllowed } = await releasesAllowed(ctx)
  return {
    runs: ended,
    drifts: open.map(({ name, ...rest }) => ({ class: name, ...rest })),
    lastEndedSecondsAgo: last?.ageSeconds ?? null,
    balances: (last?.balances ?? []).map(({ currency, provider, ledger, unexplained }) => ({
      currency,
      provider: Number(provider),
      ledger: Number(ledger),
      unexplained: Number(unexplained),
    })),
    isBlocked: !isAllowed,
  }
}
