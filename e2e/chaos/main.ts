/** `npm run chaos`: scenarios from seeds, each under several disorders that must all end alike. Exit code 1: one did not. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { schemaParts } from '../../server/src/app/database.ts'
import { startEmbeddedPostgres } from '../../server/src/platform/db/embedded/index.ts'
import { migrate } from '../../server/src/platform/db/migrate.ts'
import { runSeeds } from './seeds.ts'

const usage = `npm run chaos [-- OPTIONS]

Pays under faults: of Stripe's requests and events, of processes that are killed. What Stripe and the ledger say must agree
afterwards, and two disorders of one scenario must end alike.

  --seeds N     so many scenarios (default 20)
  --first N     the seed of the first (default 1)
  --seed N      only this one
  --orders K    disorders of each scenario (default 2)
  --only money  what is tried; there is nothing else yet
  --verbose     how each purchase ended
  --help        this text`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    orders: { type: 'string', default: '2' },
    only: { type: 'string', default: 'money' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else process.exitCode = (await run()) ? 0 : 1

async function run(): Promise<boolean> {
  if (values.only !== 'money')
    throw new Error(`there is no chaos of "${values.only}", only of money`)
  const count = values.seed === undefined ? wholeNumber('seeds', values.seeds) : 1
  const first = wholeNumber('seed', values.seed ?? values.first)
  const seeds = Array.from({ length: count }, (_, index) => first + index)
  const dataDir = await mkdtemp(path.join(tmpdir(), 'ashlar-chaos-'))
  // Processes are killed here, machines are not.
  const parameters = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const postgres = await startEmbeddedPostgres({ dataDir, parameters })
  try {
    await migrate({ ownerUrl: postgres.ownerUrl, appRole: 'ashlar_app', ...schemaParts })
    return await runSeeds({
      location: { appUrl: postgres.appUrl, ownerUrl: postgres.ownerUrl, role: null },
      seeds,
      orders: wholeNumber('orders', values.orders),
      isVerbose: values.verbose,
      say: (line) => console.log(line),
    })
  } finally {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function wholeNumber(name: string, given: string): number {
  const number = Number(given)
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw new Error(`--${name} takes a whole number from 1, not "${given}"`)
  return number
}
