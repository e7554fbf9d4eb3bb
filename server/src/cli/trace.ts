/** `ashlar trace ID`: one id, the whole story. */
import type { Command } from 'commander'
import { presentTrace, traceOf } from '../features/audit/index.ts'
import { traced } from '../app/rooms.ts'
import { withProcess } from './session.ts'

export function addTrace(program: Command): void {
  program
    .command('trace')
    .argument(
      '<id>',
      'of a request, a user, a job, an entry, a payment or an invitation; a provider’s id; or an e-mail address',
    )
    .description('Show everything that was recorded around one id, in order: entries, jobs, mails.')
    .option('--json', 'print JSON')
    .action((id: string, { json }: { json?: true }) =>
      withProcess(async ({ process: opened, ctx }) => {
        const trace = presentTrace(await traceOf(ctx, { findJobs: opened.jobs.trace, traced }, id))
        if (json) return console.log(JSON.stringify(trace))
        console.log(`${trace.kind} ${trace.id}${trace.isComplete ? '' : ' (the newest part)'}`)
        for (const { at, kind, fact, job, moment } of trace.steps)
          console.log(
            `${at}  ${kind.padEnd(7)}  ${fact ? factLine(fact) : job ? jobLine(job) : moment ? momentLine(moment) : ''}`,
          )
      }),
    )
}

type Steps = ReturnType<typeof presentTrace>['steps'][number]

function factLine({
  action,
  status,
  actor,
  onBehalfOf,
  subjectId,
  ip,
}: NonNullable<Steps['fact']>) {
  const whose = onBehalfOf === null ? '' : ` for ${onBehalfOf}`
  const what = subjectId === null ? '' : `  on ${subjectId}`
  const where = ip === null ? '' : `  from ${ip}`
  return `${action} ${status}  by ${actor.kind} ${actor.id ?? ''}${whose}${what}${where}`
}

const jobLine = ({ name, state, attempts, error, id }: NonNullable<Steps['job']>) =>
  `${name} ${state}  ${attempts} attempts  ${id}${error === null ? '' : `  ${error.split('\n')[0]}`}`

const momentLine = ({ name, ref }: NonNullable<Steps['moment']>) =>
  `${name}${ref === null ? '' : `  ${ref}`}`
