/** Checks who may import whom, and that the checker really saw the code: an empty run is a failure, not a pass. */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
/** dependency-cruiser says "no violations" when it cannot read TypeScript; the house has more modules than this. */
const fewestModules = 100

type Result = {
  summary: {
    totalCruised: number
    violations: { from: string; to: string; rule: { name: string; severity: string } }[]
  }
}

const options: ExecFileSyncOptions = { cwd: root, maxBuffer: 256 * 1024 * 1024 }
const output = run([
  'server/src',
  'sdk/src',
  'twins/src',
  'web/src',
  '--config',
  '.dependency-cruiser.mjs',
  '--output-type',
  'json',
])
const { summary } = JSON.parse(output) as Result

for (const { from, to, rule } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
if (summary.totalCruised < fewestModules) {
  console.error(
    `Only ${summary.totalCruised} modules were seen; the checker does not understand the code.`,
  )
  process.exit(1)
}
if (summary.violations.length > 0) process.exit(1)
console.log(`walls hold: ${summary.totalCruised} modules`)

function run(args: string[]): string {
  try {
    return execFileSync('depcruise', args, options).toString()
  } catch (error) {
    // It exits with the number of violations; the report is on standard output all the same.
    const { stdout } = error as { stdout?: Buffer }
    if (!stdout || stdout.length === 0) throw error
    return stdout.toString()
  }
}
