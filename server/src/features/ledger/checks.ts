/** Checks by the clock: remembered, told to whoever watches, and read as figures. */
import { desc, lt, sql } from 'drizzle-orm'
import type { Ctx, ReadCtx } from '../../platform/context.ts'
import type { LedgerFigures } from '../../platform/telemetry/index.ts'
import { invariantBroken } from './events.ts'
import { type Report, checkLedger, invariants } from './invariants.ts'
import { checks } from './tables.ts'

/** Four an hour: long enough to see since when something has been wrong. */
const keptDays = 90

/** Checks everything, remembers what was found, and states each invariant that is broken as a fact. */
export async function checkAndRecord(ctx: Ctx): Promise<Report> {
  const report = await checkLedger(ctx)
  await ctx.tx(async (tx) => {
    await tx.db.insert(checks).values({ findings: report.findings })
    await tx.db.delete(checks).where(lt(checks.at, sql`now() - make_interval(days => ${keptDays})`))
    for (const { id, isGood, broken } of report.invariants) {
      const first = report.findings.find(({ invariant }) => invariant === id)
      if (isGood || !first) continue
      const { subject, expected, found } = first
      await tx.record(invariantBroken, id, {
        invariant: id,
        count: broken,
        subject,
        expected,
        found,
      })
    }
  })
  return report
}

/** For Prometheus: what the last check found, and how long ago that was. */
export async function readLedgerFigures({ db }: Pick<ReadCtx, 'db'>): Promise<LedgerFigures> {
  const [last] = await db
    .select({
      findings: checks.findings,
      ageSeconds: sql`extract(epoch from now() - ${checks.at})`.mapWith(Number),
    })
    .from(checks)
    .orderBy(desc(checks.at))
    .limit(1)
  const broken = new Set(last?.findings.map(({ invariant }) => invariant))
  return {
    checkedSecondsAgo: last?.ageSeconds ?? null,
    invariants: Object.keys(invariants).map((id) => ({ id, isBroken: broken.has(id) })),
  }
}
