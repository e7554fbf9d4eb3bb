/** `ashlar migrate [up|status]`: the database's schema. */
import type { Command } from 'commander'
import { prepareDatabase } from '../app/database.ts'
import { migrationStatus } from '../platform/db/migrate.ts'
import { withLocation } from './session.ts'

export function addMigrate(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('Bring the database up to date, or say how far it is.')

  migrate
    .command('up', { isDefault: true })
    .description('Apply what is missing. Safe to run from several machines at once.')
    .option('--dry-run', 'only list what would be applied')
    .action(({ dryRun }: { dryRun?: true }) =>
      withLocation(async ({ settings, location }) => {
        const missing = (await migrationStatus(location.ownerUrl)).filter(
          ({ isApplied }) => !isApplied,
        )
        if (!dryRun) await prepareDatabase(settings, location)
        const verb = dryRun ? 'Would apply' : 'Applied'
        console.log(
          missing.length === 0
            ? 'The database is up to date.'
            : `${verb}: ${missing.map(({ name }) => name).join(', ')}`,
        )
      }),
    )

  migrate
    .command('status')
    .description('List every migration. Exit 1 when one is missing.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) =>
      withLocation(async ({ location }) => {
        const all = await migrationStatus(location.ownerUrl)
        if (json) console.log(JSON.stringify(all))
        else
          for (const { name, isApplied } of all)
            console.log(`${isApplied ? 'applied' : 'missing'}  ${name}`)
        if (all.some(({ isApplied }) => !isApplied)) process.exitCode = 1
      }),
    )
}
