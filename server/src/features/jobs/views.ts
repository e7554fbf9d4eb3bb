/** How jobs look from outside: what is secret in them is not shown. */
import { Type } from 'typebox'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import type { JobView } from '../../platform/jobs/index.ts'
import { redactText, redactValue } from '../../platform/telemetry/index.ts'

export const states = ['outbox', 'waiting', 'active', 'delayed', 'failed', 'completed'] as const
export const Id = Type.String({ format: 'uuid' })
export const State = choice(
  states,
  '`outbox`: committed and not in the queue yet; `delayed`: for later, or before another try; `failed`: a dead letter.',
)
export const RunView = Type.Object({
  id: Id,
  name: Type.String(),
  queue: nullable(Type.String()),
  state: State,
  attempts: Type.Integer(),
  maxAttempts: nullable(Type.Integer()),
  error: nullable(Type.String({ description: 'Of the newest try.' })),
  wantedBy: Type.Object({
    kind: choice(['anonymous', 'user', 'service', 'system']),
    id: nullable(Type.String()),
    onBehalfOf: nullable(Type.String()),
    requestId: Type.String({ description: 'For the trace: `GET /admin/trace/:id`.' }),
  }),
  createdAt: Time,
  runAt: Time,
  startedAt: nullable(Time),
  finishedAt: nullable(Time),
})
export const RunDetail = Type.Object({
  ...RunView.properties,
  payload: Type.Unknown({ description: 'What is secret in it is masked.' }),
})

export const presentRun = ({ origin, payload: _payload, ...job }: JobView) => ({
  ...job,
  error: job.error === null ? null : redactText(job.error),
  wantedBy: { ...origin },
  createdAt: job.createdAt.toISOString(),
  runAt: job.runAt.toISOString(),
  startedAt: job.startedAt?.toISOString() ?? null,
  finishedAt: job.finishedAt?.toISOString() ?? null,
})

export const presentDetail = (job: JobView) => ({
  ...presentRun(job),
  payload: redactValue(job.payload),
})
