/** HTTP: the overview, and the settings in force. */
import { Type } from 'typebox'
import { describeSettings } from '../../platform/config/index.ts'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import type { JobSystem } from '../../platform/jobs/index.ts'
import { type Overview, readOverview } from './overview.ts'
import { windows } from './whiles.ts'

const Count = Type.Integer({ minimum: 0 })
const Ms = nullable(Type.Number({ minimum: 0 }))
const Amount = Type.String({ description: 'In the currency’s smallest unit.' })
const OverviewView = Type.Object({
  window: choice(windows),
  from: Time,
  until: Time,
  seconds: Type.Integer({ description: 'How long each while is.' }),
  traffic: Type.Optional(
    Type.Array(
      Type.Object({
        at: Time,
        count: Count,
        errors: Type.Integer({ minimum: 0, description: 'Answers with 5xx.' }),
        p50Ms: Ms,
        p95Ms: Ms,
        p99Ms: Ms,
      }),
    ),
  ),
  people: Type.Optional(
    Type.Array(
      Type.Object({
        at: Time,
        signIns: Count,
        failedSignIns: Count,
        stoppedSignIns: Type.Integer({
          minimum: 0,
          description:
            'Refused by a rate limit before anybody looked at them: not among the failed ones.',
        }),
        registrations: Count,
      }),
    ),
  ),
  revenue: Type.Optional(
    Type.Array(
      Type.Object({
        at: Time,
        currency: Type.String(),
        captured: Amount,
        refunded: Amount,
        net: Amount,
      }),
      { description: 'Only whiles in which there was any.' },
    ),
  ),
  jobs: Type.Optional(
    Type.Object({
      outbox: Count,
      waiting: Count,
      active: Count,
      delayed: Count,
      failed: Type.Integer({ minimum: 0, description: 'Dead letters.' }),
    }),
  ),
  alerts: Type.Optional(
    Type.Array(Type.Object({ severity: Type.String(), count: Count }), {
      description: 'Not acknowledged.',
    }),
  ),
  drifts: Type.Optional(
    Type.Object({
      open: Count,
      isBlocked: Type.Boolean({ description: 'No money is released until it is cleared up.' }),
    }),
  ),
  inbox: Type.Optional(
    Type.Object({ due: Count, dead: Type.Integer({ minimum: 0, description: 'Given up.' }) }),
  ),
  disputes: Type.Optional(Type.Object({ needEvidence: Count, firstDueAt: nullable(Time) })),
})
const SettingView = Type.Object({
  group: Type.String(),
  name: Type.String(),
  value: Type.String({ description: 'Secrets, and those inside of addresses, are masked.' }),
  isSet: Type.Boolean(),
  isSecret: Type.Boolean(),
  default: Type.String({ description: 'In words; empty when there is none.' }),
  doc: Type.String(),
})

export async function overviewRoutes(app: App, { jobs }: { jobs: Pick<JobSystem, 'counts'> }) {
  app.get('/admin/overview', {
    config: { can: 'operations.read_overview' },
    schema: {
      operationId: 'operations.overview',
      summary: 'How the product does, in one answer',
      description:
        'A part is absent where the caller may not read it in its own room. Requests are those that processes have stored: some seconds ago.',
      querystring: Type.Object({
        window: Type.Optional(choice(windows, 'How far back to look; an hour unless given.')),
      }),
      response: { 200: dataOf(OverviewView) },
    },
    handler: async ({ ctx, query }) => ({
      data: present(await readOverview(ctx, jobs, query.window ?? '1h')),
    }),
  })

  app.get('/admin/settings', {
    config: { can: 'operations.read_settings' },
    schema: {
      operationId: 'operations.settings',
      summary: 'The settings in force in this process, without their secrets',
      response: { 200: dataOf(Type.Array(SettingView)) },
    },
    handler: async ({ ctx }) => ({ data: describeSettings(ctx.settings) }),
  })
}

const timed = <T extends { readonly at: Date }>({ at, ...rest }: T) => ({
  ...rest,
  at: at.toISOString(),
})

function present({ window, seconds, from, until, ...parts }: Overview) {
  const { traffic, people, revenue, jobs, alerts, drifts, inbox, disputes } = parts
  const firstDueAt = disputes?.firstDueAt?.toISOString() ?? null
  return {
    window,
    seconds,
    from: from.toISOString(),
    until: until.toISOString(),
    ...(traffic && { traffic: traffic.map(timed) }),
    ...(people && { people: people.map(timed) }),
    ...(revenue && { revenue: revenue.map(timed) }),
    ...(jobs && { jobs }),
    ...(alerts && { alerts: [...alerts] }),
    ...(drifts && { drifts }),
    ...(inbox && { inbox }),
    ...(disputes && { disputes: { ...disputes, firstDueAt } }),
  }
}
