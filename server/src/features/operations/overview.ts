/** The overview: how the product does, as far as the reader may know it. */
import { readOpenDisputes } from '../disputes/index.ts'
import { readInboxLag } from '../inbox/index.ts'
import { readAlertFigures, readTraffic } from '../monitoring/index.ts'
import { readReconciliationFigures } from '../reconciliation/index.ts'
import type { ReadCtx } from '../../platform/context.ts'
import type { JobSystem } from '../../platform/jobs/index.ts'
import { readPeople, readRevenue } from './counted-facts.ts'
import { type Window, bucketsOf, whileOf } from './whiles.ts'

export type Overview = Awaited<ReturnType<typeof readOverview>>

/** Parts that the reader may not read are absent. */
export async function readOverview(ctx: ReadCtx, jobs: Pick<JobSystem, 'counts'>, window: Window) {
  const span = whileOf(ctx.now, window)
  const may = <T>(permission: string, read: () => Promise<T>) =>
    ctx.actor.can(permission) ? read() : undefined
  // What is counted of everybody is for those who may see all of them.
  const mayWhole = <T>(permission: string, read: () => Promise<T>) =>
    ctx.actor.reach(permission).kind === 'all' ? read() : undefined
  const isEmpty = { count: 0, errors: 0, p50Ms: null, p95Ms: null, p99Ms: null }
  return {
    window,
    ...span,
    traffic: await may('monitoring.read', async () =>
      bucketsOf(span, await readTraffic(ctx, span), isEmpty),
    ),
    people: await mayWhole('admin.read_users', async () =>
      bucketsOf(span, await readPeople(ctx, span), {
        signIns: 0,
        failedSignIns: 0,
        stoppedSignIns: 0,
        registrations: 0,
      }),
    ),
    revenue: await mayWhole('payments.read_any', () => readRevenue(ctx, span)),
    jobs: await may('jobs.read', async () => sumOf(await jobs.counts())),
    alerts: await may('monitoring.read', async () => (await readAlertFigures(ctx)).open),
    drifts: await may('reconciliation.read', async () => {
      const { drifts, isBlocked } = await readReconciliationFigures(ctx)
      const open = drifts.filter(({ state }) => state === 'open')
      return { open: open.reduce((sum, { count }) => sum + count, 0), isBlocked }
    }),
    inbox: await may('inbox.read', async () => {
      const { due, dead } = await readInboxLag(ctx)
      return { due, dead }
    }),
    disputes: await may('disputes.read', () => readOpenDisputes(ctx)),
  }
}

function sumOf({ queues, outbox }: Awaited<ReturnType<JobSystem['counts']>>) {
  const sum = (state: 'waiting' | 'active' | 'delayed' | 'failed') =>
    Object.values(queues).reduce((total, counts) => total + counts[state], 0)
  return {
    outbox: outbox.waiting,
    waiting: sum('waiting'),
    active: sum('active'),
    delayed: sum('delayed'),
    failed: sum('failed'),
  }
}
