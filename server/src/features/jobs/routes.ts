/** HTTP: queues, runs and dead letters. */
import { Type } from 'typebox'
import {
  type App,
  cursorOf,
  dataOf,
  listOf,
  pageQuery,
  presentPage,
} from '../../platform/http/index.ts'
import { defaultLimit } from '../../platform/http/pagination.ts'
import { Time } from '../../platform/http/schemas.ts'
import { type JobSystem, afterOf, jobErrors } from '../../platform/jobs/index.ts'
import { discard, retry, retryAll } from './dead-letters.ts'
import { Id, RunDetail, RunView, State, presentDetail, presentRun } from './views.ts'

const base = '/admin/jobs'
const Params = Type.Object({ id: Id })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Count = Type.Integer({ minimum: 0 })
const read = { can: 'jobs.read', errors: [jobErrors.store_unavailable] } as const
const letterErrors = [jobErrors.not_found, jobErrors.not_a_dead_letter, jobErrors.store_unavailable]
const after = cursorOf(Type.Object({ at: Time, id: Id }))

const QueueView = Type.Object({
  name: Type.String(),
  waiting: Count,
  active: Count,
  delayed: Count,
  failed: Type.Integer({ minimum: 0, description: 'Dead letters.' }),
  completed: Type.Integer({ minimum: 0, description: 'In the last hour.' }),
  oldestWaitingSeconds: Type.Number({ minimum: 0 }),
  concurrency: Type.Integer({ description: 'How many of them one process runs at a time.' }),
})

export async function jobRoutes(app: App, { jobs }: { jobs: JobSystem }) {
  app.get(`${base}/queues`, {
    config: read,
    schema: {
      operationId: 'jobs.queues',
      summary: 'Every queue, and how much is in it',
      response: {
        200: dataOf(
          Type.Object({
            queues: Type.Array(QueueView),
            outbox: Type.Object(
              { waiting: Count, oldestSeconds: Type.Number({ minimum: 0 }) },
              { description: 'Committed, and not in a queue yet.' },
            ),
          }),
        ),
      },
    },
    handler: async () => {
      const { queues, outbox } = await jobs.counts()
      const rows = Object.entries(queues).map(([name, counts]) => ({
        name,
        ...counts,
        concurrency: jobs.concurrencyOf(name),
      }))
      return { data: { queues: rows, outbox: { ...outbox } } }
    },
  })

  app.get(base, {
    config: read,
    schema: {
      operationId: 'jobs.list',
      summary: 'Jobs, newest first',
      description: 'Those that are done are known for an hour, dead letters for 90 days.',
      querystring: Type.Object({
        ...pageQuery,
        state: Type.Optional(State),
        queue: Type.Optional(Name),
        name: Type.Optional(Name),
      }),
      response: { 200: listOf(RunView) },
    },
    handler: async (request, reply) => {
      const { limit = defaultLimit, cursor, ...filter } = request.query
      const from = cursor === undefined ? null : after.decode(cursor)
      const found = await jobs.page({ ...filter, limit: limit + 1, after: from })
      const rows = found.jobs.slice(0, limit)
      const last = rows.at(-1)
      const hasMore = found.jobs.length > limit && last !== undefined
      const { total, isTotalExact } = found
      const page = {
        rows,
        nextCursor: hasMore ? after.encode(afterOf(last)) : null,
        total,
        isTotalExact,
      }
      return presentPage(request, reply, page, presentRun)
    },
  })

  app.get(`${base}/:id`, {
    config: { ...read, errors: [jobErrors.not_found, jobErrors.store_unavailable] },
    schema: {
      operationId: 'jobs.get',
      summary: 'One job, with what it was given',
      params: Params,
      response: { 200: dataOf(RunDetail) },
    },
    handler: async ({ params: { id } }) => {
      const found = await jobs.find(id)
      if (!found) throw jobErrors.not_found({ id })
      return { data: presentDetail(found) }
    },
  })

  app.post(`${base}/:id/retry`, {
    config: { can: 'jobs.manage', errors: letterErrors },
    schema: {
      operationId: 'jobs.retry',
      summary: 'Put a dead letter back into its queue, with all its attempts',
      params: Params,
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, params }, reply) => {
      await retry(ctx, jobs, params.id)
      return reply.code(204).send(null)
    },
  })

  app.post(`${base}/retry`, {
    config: { can: 'jobs.manage', errors: [jobErrors.store_unavailable] },
    schema: {
      operationId: 'jobs.retryAll',
      summary: 'Put the dead letters of a kind back, a hundred at a time',
      body: Type.Object({ name: Name }),
      response: {
        200: dataOf(
          Type.Object({
            retried: Count,
            left: Type.Integer({ minimum: 0, description: 'Ask again for these.' }),
          }),
        ),
      },
    },
    handler: async ({ ctx, body }) => ({ data: await retryAll(ctx, jobs, body) }),
  })

  app.post(`${base}/:id/discard`, {
    config: { can: 'jobs.manage', errors: letterErrors },
    schema: {
      operationId: 'jobs.discard',
      summary: 'Throw a dead letter away: what it was for does not happen',
      params: Params,
      body: Type.Object({
        reason: Type.String({
          minLength: 1,
          maxLength: 500,
          pattern: '\\S',
          description: 'Kept in the audit log.',
        }),
      }),
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, params, body }, reply) => {
      await discard(ctx, jobs, { id: params.id, reason: body.reason })
      return reply.code(204).send(null)
    },
  })
}
