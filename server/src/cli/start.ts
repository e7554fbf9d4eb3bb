/** `ashlar start` and `ashlar worker`: the running product. */
import type { Command } from 'commander'
import { runPrimary } from '../app/primary.ts'
import { getConfig, readEnvironment, settle } from '../app/settings.ts'

export function addStart(program: Command): void {
  program
    .command('start')
    .description('Run the product: prepare the database, then serve and work until told to stop.')
    .option(
      '--role <roles>',
      'api, worker, realtime; several with commas (default: ROLES, all of them)',
    )
    .action(({ role }: { role?: string }) => start(role))

  program
    .command('worker')
    .description('Run only background jobs; the same as "start --role worker".')
    .action(() => start('worker'))
}

async function start(role: string | undefined): Promise<void> {
  const environment = readEnvironment(process.env)
  const values = role === undefined ? environment.values : { ...environment.values, ROLES: role }
  const settings = settle(getConfig({ ...environment, values }))
  await runPrimary(settings, (line) => console.error(line))
  // Nothing is left to do; what a library may still hold open must not keep the process.
  process.exit(0)
}
