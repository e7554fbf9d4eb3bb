/** HTTP: alerts, and when one is raised. */
import { Type } from 'typebox'
import { accessErrors } from '../../platform/http/errors.ts'
import {
  type App,
  alwaysCounted,
  dataOf,
  listOf,
  pageQuery,
  presentPage,
} from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { acknowledge, getAlert, listAlerts } from './alerts.ts'
import { presentAlert } from './deliveries.ts'
import { errors } from './errors.ts'
import { severities, statuses } from './tables.ts'
import {
  alertTypes,
  getThreshold,
  listThresholds,
  resetThreshold,
  setThreshold,
} from './thresholds.ts'

const base = '/admin/monitoring'
const Id = Type.String({ format: 'uuid' })
const Count = Type.Integer({ minimum: 0 })
const Severity = choice(severities)
const AlertType = choice(alertTypes)
const Params = Type.Object({ id: Id })
const AlertView = Type.Object({
  id: Id,
  type: Type.String(),
  severity: Severity,
  by: choice(
    ['ip', 'subject', 'all'],
    'What the events have in common; `all`: they came from many sources, none of which reached its threshold.',
  ),
  ip: nullable(Type.String()),
  subjectId: nullable(Type.String()),
  count: Count,
  threshold: Count,
  windowSeconds: Count,
  firstAt: Time,
  lastAt: Time,
  firstEventId: nullable(Id),
  lastEventId: nullable(Id),
  status: choice(statuses),
  acknowledgedAt: nullable(Time),
  acknowledgedBy: nullable(Type.String()),
  note: nullable(Type.String()),
  createdAt: Time,
})
const minuteSeconds = 60
const daySeconds = 86_400
const thresholdFields = {
  isEnabled: Type.Boolean(),
  threshold: Type.Integer({
    minimum: 1,
    maximum: 9_999_999,
    description: 'So many events within the window; of `error_rate`, per cent.',
  }),
  windowSeconds: Type.Integer({
    minimum: minuteSeconds,
    maximum: daySeconds,
    multipleOf: minuteSeconds,
  }),
  severity: choice(
    severities,
    'Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.',
  ),
  coolDownSeconds: Type.Integer({
    minimum: minuteSeconds,
    maximum: 7 * daySeconds,
    description: 'An incident is over when nothing belonged to it for so long.',
  }),
}
const MinRequests = Type.Integer({
  minimum: 1,
  maximum: 9_999_999,
  description: 'Fewer requests within the window raise nothing; `error_rate` alone has it.',
})
const TotalThreshold = Type.Integer({
  minimum: 1,
  maximum: 29_999_997,
  description:
    'So many events of the type within the window, of whatever sources, that are on no alert about one of them; null: no alert is raised for that.',
})
const ThresholdView = Type.Object({
  type: AlertType,
  source: choice(['default', 'setting', 'api']),
  ...thresholdFields,
  totalThreshold: nullable(TotalThreshold),
  minRequests: nullable(MinRequests),
})
const TypeParams = Type.Object({ type: Type.String({ maxLength: 40 }) })

const read = { can: 'monitoring.read' } as const
/** Who steals a session must not switch the alarm off with it. */
const configure = { can: 'monitoring.configure', stepUp: true } as const
const configureErrors = [
  accessErrors.session_required,
  accessErrors.step_up_required,
  errors.unknown_type,
]

export async function alertRoutes(app: App) {
  app.get(`${base}/alerts`, {
    config: read,
    schema: {
      operationId: 'monitoring.alerts',
      summary: 'Alerts, newest first',
      querystring: Type.Object({
        ...pageQuery,
        type: Type.Optional(AlertType),
        severity: Type.Optional(Severity),
        status: Type.Optional(choice(statuses)),
        total: alwaysCounted,
      }),
      response: { 200: listOf(AlertView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, total: _total, ...filter } = request.query
      const page = await listAlerts(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, presentAlert)
    },
  })

  app.get(`${base}/alerts/:id`, {
    config: { ...read, errors: [errors.alert_not_found] },
    schema: {
      operationId: 'monitoring.alert',
      summary: 'One alert',
      params: Params,
      response: { 200: dataOf(AlertView) },
    },
    handler: async (request) => ({
      data: presentAlert(await getAlert(request.ctx, request.params.id)),
    }),
  })

  app.post(`${base}/alerts/:id/acknowledge`, {
    config: {
      can: 'monitoring.acknowledge',
      errors: [errors.alert_not_found, errors.already_acknowledged],
    },
    schema: {
      operationId: 'monitoring.acknowledge',
      summary: 'Say that somebody looks after an alert',
      params: Params,
      body: Type.Object({
        note: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
      }),
      response: { 200: dataOf(AlertView) },
    },
    handler: async (request) => {
      const { note = null } = request.body
      return {
        data: presentAlert(await request.ctx.tx((tx) => acknowledge(tx, request.params.id, note))),
      }
    },
  })

  app.get(`${base}/thresholds`, {
    config: read,
    schema: {
      operationId: 'monitoring.thresholds',
      summary: 'When an alert is raised, for each type',
      response: { 200: dataOf(Type.Array(ThresholdView)) },
    },
    handler: async (request) => ({ data: [...(await listThresholds(request.ctx))] }),
  })

  app.get(`${base}/thresholds/:type`, {
    config: { ...read, errors: [errors.unknown_type] },
    schema: {
      operationId: 'monitoring.threshold',
      summary: 'When an alert of this type is raised',
      params: TypeParams,
      response: { 200: dataOf(ThresholdView) },
    },
    handler: async (request) => ({ data: await getThreshold(request.ctx, request.params.type) }),
  })

  app.put(`${base}/thresholds/:type`, {
    config: {
      ...configure,
      errors: [
        ...configureErrors,
        errors.requests_not_counted,
        errors.share_above_all,
        errors.share_is_of_all,
      ],
    },
    schema: {
      operationId: 'monitoring.setThreshold',
      summary: 'Change when an alert of this type is raised',
      description:
        'Goes before settings and defaults. Alerts that were raised stay as they are. Without `totalThreshold` that one stays as it is.',
      params: TypeParams,
      body: Type.Object({
        ...thresholdFields,
        totalThreshold: Type.Optional(nullable(TotalThreshold)),
        minRequests: Type.Optional(nullable(MinRequests)),
      }),
      response: { 200: dataOf(ThresholdView) },
    },
    handler: async (request) => {
      const { minRequests = null, ...input } = request.body
      const { type } = request.params
      return {
        data: await request.ctx.tx((tx) => setThreshold(tx, type, { ...input, minRequests })),
      }
    },
  })

  app.delete(`${base}/thresholds/:type`, {
    config: { ...configure, errors: configureErrors },
    schema: {
      operationId: 'monitoring.resetThreshold',
      summary: 'Back to what the settings or the defaults say',
      params: TypeParams,
      response: { 200: dataOf(ThresholdView) },
    },
    handler: async (request) => ({
      data: await request.ctx.tx((tx) => resetThreshold(tx, request.params.type)),
    }),
  })
}
