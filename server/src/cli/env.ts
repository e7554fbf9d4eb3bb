/** `ashlar env check|print|example`: what the settings are, and what is wrong with them. */
import type { Command } from 'commander'
import { getConfig, readEnvironment } from '../app/settings.ts'
import {
  envCheck,
  envPrint,
  formatEnvCheck,
  formatEnvPrint,
  renderEnvExample,
} from '../platform/config/index.ts'

export function addEnv(program: Command): void {
  const env = program
    .command('env')
    .description('Check or print the settings; secrets are never shown.')

  env
    .command('check')
    .description(
      'List missing, weak, unknown and conflicting settings. Exit 1 when any keeps Ashlar from starting.',
    )
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => {
      const environment = readEnvironment(process.env)
      const report = envCheck(environment.values, { ownNames: environment.names })
      console.log(json ? JSON.stringify(report) : formatEnvCheck(report))
      if (!report.isOk) process.exitCode = 1
    })

  env
    .command('print')
    .description('Print every setting as it is in force.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => {
      const rows = envPrint(getConfig(readEnvironment(process.env)))
      console.log(json ? JSON.stringify(rows) : formatEnvPrint(rows))
    })

  env
    .command('example')
    .description('Print a documented .env with every setting and its default.')
    .action(() => {
      process.stdout.write(renderEnvExample())
    })
}
