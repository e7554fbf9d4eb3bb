/** HTTP: runs, what they have found, and whether money may leave. */
import { Type } from 'typebox'
import { type App, dataOf, listOf, pageQuery, presentPage } from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { choice } from '../../platform/http/schemas.ts'
import { acceptDrift, getDrift, listDrifts } from './drifts.ts'
import { driftClassNames } from './drift-classes.ts'
import { errors } from './errors.ts'
import { askToRun } from './asking.ts'
import { countOutcomes, findingsOf, getRun, listRuns } from './runs.ts'
import { releasesAllowed } from './releases.ts'
import { driftStates, runStates, severities } from './tables.ts'
import {
  DriftView,
  FindingView,
  Id,
  ReleasesView,
  RunView,
  Span,
  presentDrift,
  presentFinding,
  presentRun,
} from './views.ts'

const read = { can: 'reconciliation.read' } as const
const params = Type.Object({ id: Id })
/** Of one run; the whole of it is in the differences that are open. */
const mostFindings = 500

export async function reconciliationRoutes(app: App) {
  app.get('/reconciliation/runs', {
    config: read,
    schema: {
      operationId: 'reconciliation.listRuns',
      summary: 'Comparisons with the payment provider, newest first',
      querystring: Type.Object({ ...pageQuery, state: Type.Optional(choice(runStates)) }),
      response: { 200: listOf(RunView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      const page = await listRuns(request.ctx, { ...filter, limit })
      const counts = await countOutcomes(
        request.ctx,
        page.rows.map(({ id }) => id),
      )
      return presentPage(request, reply, page, (run) => presentRun(run, counts.get(run.id)))
    },
  })

  app.get('/reconciliation/runs/:id', {
    config: { ...read, errors: [errors.run_not_found] },
    schema: {
      operationId: 'reconciliation.getRun',
      summary: 'One comparison, and what it has found',
      params,
      response: {
        200: dataOf(
          Type.Object({
            run: RunView,
            findings: Type.Array(FindingView, { description: `The first ${mostFindings}.` }),
          }),
        ),
      },
    },
    handler: async (request) => {
      const { ctx } = request
      const run = await getRun(ctx, request.params.id)
      const counts = await countOutcomes(ctx, [run.id])
      const found = await findingsOf(ctx, run.id, mostFindings)
      return {
        data: { run: presentRun(run, counts.get(run.id)), findings: found.map(presentFinding) },
      }
    },
  })

  app.post('/reconciliation/runs', {
    config: {
      can: 'reconciliation.run',
      // A second try gets the run of the first, and not that there is one already.
      idempotency: 'required',
      errors: [errors.not_configured, errors.under_way],
    },
    schema: {
      operationId: 'reconciliation.run',
      summary: 'Compare our books with those of the payment provider',
      description:
        'A worker does it. What is missing here is brought in; everything else is told and left as it is.',
      body: Type.Object({ span: Type.Optional(Span), isDryRun: Type.Optional(Type.Boolean()) }),
      response: { 202: dataOf(RunView) },
    },
    handler: async (request, reply) => {
      const { span = '24h', isDryRun = false } = request.body
      const run = await askToRun(request.ctx, { span, isDryRun, trigger: 'person' })
      return reply.code(202).send({ data: presentRun(run) })
    },
  })

  app.get('/reconciliation/drifts', {
    config: read,
    schema: {
      operationId: 'reconciliation.listDrifts',
      summary: 'What is different, newest first',
      querystring: Type.Object({
        ...pageQuery,
        state: Type.Optional(choice(driftStates)),
        severity: Type.Optional(choice(severities)),
        class: Type.Optional(choice(driftClassNames)),
      }),
      response: { 200: listOf(DriftView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, ...filter } = request.query
      return presentPage(
        request,
        reply,
        await listDrifts(request.ctx, { ...filter, limit }),
        presentDrift,
      )
    },
  })

  app.get('/reconciliation/drifts/:id', {
    config: { ...read, errors: [errors.drift_not_found] },
    schema: {
      operationId: 'reconciliation.getDrift',
      summary: 'One difference',
      params,
      response: { 200: dataOf(DriftView) },
    },
    handler: async (request) => ({
      data: presentDrift(await getDrift(request.ctx, request.params.id)),
    }),
  })

  app.post('/reconciliation/drifts/:id/acceptance', {
    config: {
      can: 'reconciliation.accept',
      stepUp: true,
      elevation: 'with_authenticator',
      errors: [errors.drift_not_found, errors.not_open],
    },
    schema: {
      operationId: 'reconciliation.acceptDrift',
      summary: 'Say that a difference may be as it is',
      description:
        'It blocks no payout any more, until it changes. Who said so, and why, is recorded.',
      params,
      body: Type.Object({ note: Type.String({ minLength: 10, maxLength: 1000 }) }),
      response: { 200: dataOf(DriftView) },
    },
    handler: async (request) => ({
      data: presentDrift(
        await request.ctx.tx((tx) => acceptDrift(tx, request.params.id, request.body.note)),
      ),
    }),
  })

  app.get('/reconciliation/releases', {
    config: read,
    schema: {
      operationId: 'reconciliation.getReleases',
      summary: 'Whether money may be paid out, and what is against it',
      response: { 200: dataOf(ReleasesView) },
    },
    handler: async (request) => {
      const { isAllowed, blocks } = await releasesAllowed(request.ctx)
      return { data: { isAllowed, blocks: [...blocks] } }
    },
  })
}
