/** HTTP: how the running system does, and what was tried that should not be. */
import { Type } from 'typebox'
import {
  type App,
  alwaysCounted,
  dataOf,
  listOf,
  pageQuery,
  presentPage,
} from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { type WindowFigures, readWindow } from './route-figures.ts'
import { readSecurityEvents } from './security-event-counts.ts'
import { type SlowRequest, listSlowRequests, sorting } from './slow-requests.ts'

const base = '/admin/monitoring'
const Id = Type.String({ format: 'uuid' })
const Count = Type.Integer({ minimum: 0 })
const Ms = Type.Number({ minimum: 0, description: 'Milliseconds.' })
const WindowName = choice(['5m', '1h', '24h'], 'How far back to look.')
const windowQuery = Type.Object({ window: Type.Optional(WindowName) })
const figures = {
  count: Count,
  errorRate: Type.Number({ minimum: 0, maximum: 1, description: 'Share of answers with 5xx.' }),
  refusalRate: Type.Number({ minimum: 0, maximum: 1, description: 'Share of answers with 4xx.' }),
  avgMs: Ms,
  minMs: Ms,
  maxMs: Ms,
  p50Ms: Ms,
  p95Ms: Ms,
  p99Ms: Ms,
}
const WindowView = Type.Object({
  window: WindowName,
  from: Time,
  until: Time,
  all: Type.Object(figures),
  routes: Type.Array(Type.Object({ method: Type.String(), route: Type.String(), ...figures })),
})
const SlowRequestView = Type.Object({
  id: Id,
  requestId: Type.String({ description: 'As in `X-Request-ID`, the log and the recorded facts.' }),
  method: Type.String(),
  route: Type.String(),
  status: Type.Integer(),
  durationMs: Ms,
  userId: nullable(Id),
  at: Time,
})
const EventsView = Type.Object({
  types: Type.Array(Type.Object({ type: Type.String(), count: Count })),
  sources: Type.Array(
    Type.Object({
      type: Type.String(),
      ip: nullable(Type.String()),
      subjectId: nullable(Type.String()),
      count: Count,
      lastAt: Time,
    }),
  ),
})
const read = { can: 'monitoring.read' } as const

export async function monitoringRoutes(app: App) {
  app.get(`${base}/routes`, {
    config: read,
    schema: {
      operationId: 'monitoring.routes',
      summary: 'How many requests each route had, how long they took, how many failed',
      description:
        'Of all processes, as far as they have stored it: some seconds ago. Percentiles are within 1 % of a duration that occurred.',
      querystring: windowQuery,
      response: { 200: dataOf(WindowView) },
    },
    handler: async (request) => ({
      data: presentWindow(await readWindow(request.ctx, request.query.window ?? '5m')),
    }),
  })

  app.get(`${base}/slow-requests`, {
    config: read,
    schema: {
      operationId: 'monitoring.slowRequests',
      summary: 'Slow requests, newest first',
      querystring: Type.Object({
        ...pageQuery,
        sort: sorting.sort,
        route: Type.Optional(Type.String({ maxLength: 300 })),
        total: alwaysCounted,
      }),
      response: { 200: listOf(SlowRequestView) },
    },
    handler: async (request, reply) => {
      const { limit = 20, total: _total, ...filter } = request.query
      const page = await listSlowRequests(request.ctx, { ...filter, limit })
      return presentPage(request, reply, page, presentSlow)
    },
  })

  app.get(`${base}/security-events`, {
    config: read,
    schema: {
      operationId: 'monitoring.securityEvents',
      summary: 'Security events by type, and the hundred sources with most of them',
      querystring: windowQuery,
      response: { 200: dataOf(EventsView) },
    },
    handler: async (request) => {
      const { types, sources } = await readSecurityEvents(request.ctx, request.query.window ?? '1h')
      return {
        data: {
          types: [...types],
          sources: sources.map((source) => ({ ...source, lastAt: source.lastAt.toISOString() })),
        },
      }
    },
  })
}

const presentWindow = ({ from, until, routes, ...rest }: WindowFigures) => ({
  ...rest,
  from: from.toISOString(),
  until: until.toISOString(),
  routes: [...routes],
})

const presentSlow = ({ at, ...request }: SlowRequest) => ({ ...request, at: at.toISOString() })
