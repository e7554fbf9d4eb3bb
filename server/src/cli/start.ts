/** `ashlar start` and `ashlar worker`: the running product. */
import type { Command } from 'commander'
import { runPrimary } from '../app/primary.ts'
import { getConfig, readEnvironment, settle } from '../app/settings.ts'
import { type StandInOptions, addStandInOptions, startStandIns } from './stand-ins.ts'

type StartOptions = StandInOptions & { readonly role?: string }

export function addStart(program: Command): void {
  const product = program
    .command('start')
    .description('Run the product: prepare the database, then serve and work until told to stop.')
    .option(
      '--role <roles>',
      'api, worker, realtime; several with commas (default: ROLES, all of them)',
    )
  addStandInOptions(product).action(async ({ role, ...options }: StartOptions) => {
    // Parts of the product that run apart are told where everything is.
    const standIns = await startStandIns({ ...options, twin: options.twin && role === undefined })
    Object.assign(process.env, standIns.environment)
    await start(role)
    standIns.stop()
    // Nothing is left to do; what a library may still hold open must not keep the process.
    process.exit(0)
  })

  program
    .command('worker')
    .description('Run only background jobs; the same as "start --role worker".')
    .action(async () => {
      await start('worker')
      process.exit(0)
    })
}

async function start(role: string | undefined): Promise<void> {
  const environment = readEnvironment(process.env)
  const values = role === undefined ? environment.values : { ...environment.values, ROLES: role }
  const settings = settle(getConfig({ ...environment, values }))
  await runPrimary(settings, (line) => console.error(line))
}
