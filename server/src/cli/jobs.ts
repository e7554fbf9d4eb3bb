/** `ashlar jobs list|retry|drain`: background work. */
import type { Command } from 'commander'
import type { JobState } from '../platform/jobs/index.ts'
import { withProcess } from './session.ts'

type ListOptions = { state?: JobState; name?: string; queue?: string; limit: string; json?: true }

export function addJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('Look at background jobs, run dead letters again, finish what waits.')

  jobs
    .command('list')
    .description('List jobs, newest first.')
    .option(
      '--state <state>',
      'outbox, waiting, active, delayed, failed (dead letters) or completed',
    )
    .option('--name <name>', 'only jobs of this name')
    .option('--queue <queue>', 'only jobs of this queue')
    .option('--limit <number>', 'at most this many', '50')
    .option('--json', 'print JSON')
    .action(({ json, limit, ...filter }: ListOptions) =>
      withProcess(async ({ process: opened }) => {
        const found = await opened.jobs.list({ ...filter, limit: Number(limit) })
        if (json) console.log(JSON.stringify(found))
        else if (found.length === 0) console.log('No jobs.')
        else
          for (const job of found)
            console.log(
              `${job.id}  ${job.state.padEnd(9)}  ${job.attempts}/${job.maxAttempts}  ${job.name}${job.error ? `  ${job.error.split('\n')[0]}` : ''}`,
            )
      }),
    )

  jobs
    .command('retry')
    .argument('<id>', 'the id that "jobs list --state failed" shows')
    .description('Put a dead letter back into its queue.')
    .option('--dry-run', 'only say what would happen')
    .action((id: string, { dryRun }: { dryRun?: true }) =>
      withProcess(async ({ process: opened }) => {
        if (!dryRun) await opened.jobs.retry(id)
        console.log(dryRun ? `Would run ${id} again.` : `${id} waits to run again.`)
      }),
    )

  jobs
    .command('drain')
    .description(
      'Run everything that waits, then end. Exit 1 when something is left after the time.',
    )
    .option('--timeout <seconds>', 'how long at most', '60')
    .action(({ timeout }: { timeout: string }) =>
      withProcess(async ({ process: opened }) => {
        const until = Date.now() + Number(timeout) * 1000
        opened.jobs.startRelay()
        await opened.jobs.startWorkers()
        let left = await countLeft(opened.jobs)
        while (left > 0 && Date.now() < until) {
          await new Promise((resolve) => setTimeout(resolve, 200))
          left = await countLeft(opened.jobs)
        }
        await opened.jobs.drain(Math.max(1, (until - Date.now()) / 1000))
        console.log(left === 0 ? 'Nothing is left.' : `${left} jobs are left.`)
        if (left > 0) process.exitCode = 1
      }),
    )
}

/** Jobs that could run now; those meant for later are not waited for. */
async function countLeft(jobs: {
  counts(): Promise<import('../platform/jobs/index.ts').JobCounts>
}): Promise<number> {
  const { queues, outbox } = await jobs.counts()
  return Object.values(queues).reduce(
    (sum, { waiting, active }) => sum + waiting + active,
    outbox.waiting,
  )
}
