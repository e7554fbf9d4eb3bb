/** HTTP: one id, the whole story. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { type Step, type Trace, type TraceDeps, traceOf } from './trace.ts'
import { FactView, presentFact } from './views.ts'

const JobStep = Type.Object({
  id: Type.String(),
  name: Type.String(),
  queue: nullable(Type.String()),
  state: choice(['outbox', 'waiting', 'active', 'delayed', 'failed', 'completed']),
  attempts: Type.Integer(),
  maxAttempts: nullable(Type.Integer()),
  error: nullable(Type.String()),
  requestId: Type.String(),
  runAt: Time,
  finishedAt: nullable(Time),
})

export async function auditTraceRoutes(app: App, deps: TraceDeps) {
  app.get('/admin/trace/:id', {
    config: { can: 'audit.trace', errors: [errors.nothing_found] },
    schema: {
      operationId: 'audit.trace',
      summary: 'Everything around one id, in order: entries, jobs, mails',
      description:
        'The id of a request, a user, a job or an entry, or an e-mail address; that somebody was looked up by their address is recorded. At most the 500 newest entries. Jobs that are done are known for an hour.',
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) }),
      response: {
        200: dataOf(
          Type.Object({
            kind: choice(['request', 'user', 'job', 'entry', 'other']),
            id: Type.String(),
            isComplete: Type.Boolean(),
            steps: Type.Array(
              Type.Object({
                kind: choice(['fact', 'mail', 'job']),
                at: Time,
                fact: nullable(FactView),
                job: nullable(JobStep),
              }),
            ),
          }),
        ),
      },
    },
    handler: async (request) => ({
      data: presentTrace(await traceOf(request.ctx, deps, request.params.id)),
    }),
  })
}

export const presentTrace = ({ steps, ...trace }: Trace) => ({
  ...trace,
  steps: steps.map(presentStep),
})

function presentStep(step: Step) {
  const at = step.at.toISOString()
  if (step.kind !== 'job') return { kind: step.kind, at, fact: presentFact(step.fact), job: null }
  const { id, name, queue, state, attempts, maxAttempts, error, origin, runAt, finishedAt } =
    step.job
  return {
    kind: step.kind,
    at,
    fact: null,
    job: {
      id,
      name,
      queue,
      state,
      attempts,
      maxAttempts,
      error,
      requestId: origin.requestId,
      runAt: runAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
    },
  }
}
