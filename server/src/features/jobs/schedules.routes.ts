/** HTTP: what the clock starts. */
import { Type } from 'typebox'
import { type App, dataOf } from '../../platform/http/index.ts'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { type JobSystem, jobErrors } from '../../platform/jobs/index.ts'
import { redactText } from '../../platform/telemetry/index.ts'
import { errors } from './errors.ts'
import { type Schedule, listSchedules, outcomes, runNow } from './schedules.ts'

const base = '/admin/jobs/schedules'
const ScheduleView = Type.Object({
  name: Type.String(),
  cron: Type.String({ description: 'Minute, hour, day of month, month, day of week; in UTC.' }),
  nextAt: Time,
  lastAt: nullable(Time),
  lastOutcome: nullable(
    choice(outcomes, 'Of the newest start; `waiting` also before another try.'),
  ),
  lastError: nullable(Type.String()),
  lastJobId: nullable(Type.String({ description: 'While it is known, and not done.' })),
})

export async function scheduleRoutes(app: App, { jobs }: { jobs: JobSystem }) {
  app.get(base, {
    config: { can: 'jobs.read', errors: [jobErrors.store_unavailable] },
    schema: {
      operationId: 'jobs.schedules',
      summary: 'What the clock starts: when, and how it went the last time',
      response: { 200: dataOf(Type.Array(ScheduleView)) },
    },
    handler: async ({ ctx }) => ({ data: (await listSchedules(ctx, jobs)).map(present) }),
  })

  app.post(`${base}/:name/run`, {
    config: { can: 'jobs.manage', errors: [errors.schedule_not_found, errors.waits_already] },
    schema: {
      operationId: 'jobs.runNow',
      summary: 'Start one now, beside its schedule',
      params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }),
      response: { 204: Type.Null() },
    },
    handler: async ({ ctx, params }, reply) => {
      await runNow(ctx, jobs, params.name)
      return reply.code(204).send(null)
    },
  })
}

const present = (schedule: Schedule) => ({
  ...schedule,
  nextAt: schedule.nextAt.toISOString(),
  lastAt: schedule.lastAt?.toISOString() ?? null,
  lastError: schedule.lastError === null ? null : redactText(schedule.lastError),
})
