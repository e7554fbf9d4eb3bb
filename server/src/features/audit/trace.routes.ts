/** HTTP: one id, the whole story. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import { type Step, type Trace, type TraceDeps, traceKinds, traceOf } from './trace.ts'
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

const MomentStep = Type.Object(
  {
    name: Type.String({
      description: 'How an attempt stands, what an event is called, or which route was slow.',
    }),
    ref: nullable(
      Type.String({
        description: 'What the provider calls what it is about; of a slow request, who made it.',
      }),
    ),
    data: Type.Record(Type.String(), Type.Unknown()),
  },
  {
    description:
      'An attempt to pay, what a provider told, or a slow request; as far as the caller may see it.',
  },
)

export async function auditTraceRoutes(app: App, deps: TraceDeps) {
  app.get('/admin/trace/:id', {
    config: { can: 'audit.trace', errors: [errors.nothing_found] },
    schema: {
      operationId: 'audit.trace',
      summary:
        'Everything around one id, in order: entries, jobs, mails, payments, what providers told',
      description:
        'The id of a request, a user, a job, an entry, a payment or an invitation, what a provider calls an event or what it is about (`evt_…`, `pi_…`), or an e-mail address, of who has an account or was invited; that somebody was looked up by their address is recorded. At most the 500 newest entries. Jobs that are done are known for an hour.',
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) }),
      response: {
        200: dataOf(
          Type.Object({
            kind: choice(traceKinds),
            id: Type.String(),
            isComplete: Type.Boolean(),
            steps: Type.Array(
              Type.Object({
                kind: choice(['fact', 'mail', 'job', 'attempt', 'event', 'request']),
                at: Time,
                fact: nullable(FactView),
                job: nullable(JobStep),
                moment: nullable(MomentStep),
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
  const nothing = { fact: null, job: null, moment: null }
  if ('fact' in step) return { ...nothing, kind: step.kind, at, fact: presentFact(step.fact) }
  if ('moment' in step) {
    const { name, ref, data } = step.moment
    return { ...nothing, kind: step.kind, at, moment: { name, ref, data: { ...data } } }
  }
  const { id, name, queue, state, attempts, maxAttempts, error, origin, runAt, finishedAt } =
    step.job
  return {
    ...nothing,
    kind: step.kind,
    at,
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
