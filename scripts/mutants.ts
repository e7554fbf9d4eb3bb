/**
 * `npm run mutants`: takes away one guard after the other, in a copy of the repository, and runs the tests that should
 * notice. Exit code 1 when a guard can go unnoticed, or is not where it was.
 */
import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Mutant, mutate } from './mutants/mutant.ts'
import { moneyMutants } from './mutants/money.ts'

const root = path.resolve(import.meta.dirname, '..')
const all: Readonly<Record<string, readonly Mutant[]>> = { money: moneyMutants }
/** A test that a missing guard makes hang has noticed it. */
const testTimeoutMs = 60_000
const runTimeoutMs = 240_000
const jobs = 2
const usage = `npm run mutants [-- OPTIONS]

  --only NAME   a group (${Object.keys(all).join(', ')}) or one mutant; may be repeated
  --list        says which there are
  --help        this text`

type Report = {
  readonly success: boolean
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}
/** `broken`: no test failed, and still it did not go well; that proves nothing. */
type Outcome = { readonly kind: 'killed' | 'survived' | 'broken'; readonly detail: string }

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: ['money'] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else {
  const mutants = values.only.flatMap(mutantsOf)
  // Before anything takes its time.
  for (const mutant of mutants) mutate(mutant, readFileSync(path.join(root, mutant.file), 'utf8'))
  if (values.list)
    for (const { name, guards } of mutants) console.log(`${name.padEnd(28)}${guards}`)
  else process.exitCode = (await runAll(mutants)) ? 0 : 1
}

function mutantsOf(name: string): readonly Mutant[] {
  const found =
    all[name] ??
    Object.values(all)
      .flat()
      .filter((mutant) => mutant.name === name)
  if (found.length === 0) throw new Error(`there is no group and no mutant "${name}"; see --list`)
  return found
}

async function runAll(mutants: readonly Mutant[]): Promise<boolean> {
  const copies = Array.from({ length: Math.min(jobs, mutants.length) }, makeCopy)
  try {
    const [first = ''] = copies
    console.log('without any change …')
    const healthy = await runTests(first, [...new Set(mutants.flatMap(({ tests }) => tests))])
    if (healthy.kind !== 'survived') {
      console.log(`the tests fail as it is, so that nothing can be said: ${healthy.detail}`)
      return false
    }
    const waiting = [...mutants]
    const bad: string[] = []
    await Promise.all(
      copies.map(async (copy) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          const { kind, detail } = await runMutant(copy, mutant)
          console.log(`${kind.padEnd(10)}${mutant.name.padEnd(28)}${detail}`)
          if (kind !== 'killed') bad.push(`${mutant.name} (${mutant.guards})`)
        }
      }),
    )
    console.log(
      bad.length === 0 ? `all ${mutants.length} were noticed` : `not noticed: ${bad.join(', ')}`,
    )
    return bad.length === 0
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
  }
}

/** Everything that Git knows or would know, beside the same packages: the checkout itself is never touched. */
function makeCopy(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'ashlar-mutants-'))
  const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const name of names.split('\0').filter((each) => each !== ''))
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(copy, name))
  for (const name of [
    'node_modules',
    'server/node_modules',
    'twins/node_modules',
    'web/node_modules',
  ])
    if (existsSync(path.join(root, name))) symlinkSync(path.join(root, name), path.join(copy, name))
  return copy
}

async function runMutant(copy: string, mutant: Mutant): Promise<Outcome> {
  const file = path.join(copy, mutant.file)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, mutate(mutant, text))
  try {
    return await runTests(copy, mutant.tests)
  } finally {
    writeFileSync(file, text)
  }
}

async function runTests(copy: string, tests: readonly string[]): Promise<Outcome> {
  const report = path.join(copy, 'report.json')
  rmSync(report, { force: true })
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--bail=1',
        '--maxWorkers=1',
        `--testTimeout=${testTimeoutMs}`,
        '--reporter=json',
        `--outputFile=${report}`,
        ...tests,
      ],
      { cwd: copy, timeout: runTimeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    )
  })
  if (!existsSync(report)) return { kind: 'broken', detail: output.slice(-2_000) }
  const { success, numFailedTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as Report
  if (success) return { kind: 'survived', detail: '' }
  if (numFailedTests === 0) return { kind: 'broken', detail: output.slice(-2_000) }
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed')
  return { kind: 'killed', detail: failed?.title ?? '' }
}
