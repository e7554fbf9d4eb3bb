/** `ashlar ledger check`: whether the ledger is true to itself. */
import type { Command } from 'commander'
import { type Report, checkLedger } from '../features/ledger/index.ts'
import { withProcess } from './session.ts'

export function addLedger(program: Command): void {
  program
    .command('ledger')
    .description('Find out whether the ledger is true to itself.')
    .command('check')
    .description(
      'Compare every balance with its postings, and whatever else must be true. Exit 1 when something is not; it is named.',
    )
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) =>
      withProcess(async ({ ctx }) => {
        const report = await checkLedger(ctx)
        console.log(json ? JSON.stringify(report) : describe(report))
        if (!report.isGood) process.exitCode = 1
      }),
    )
}

function describe({ isGood, invariants, findings, counts }: Report): string {
  const lines = invariants.map(
    (each) => `${each.isGood ? '✓' : '✗'} ${each.id} ${each.description}${timesIn(each)}`,
  )
  const named = findings.map(
    ({ invariant, subject, expected, found }) =>
      `  ${invariant} ${subject}: expected ${expected}, found ${found}`,
  )
  const verdict = isGood ? 'The ledger is true to itself' : 'The ledger is not true to itself'
  return [
    `${verdict}: ${counts.accounts} accounts, ${counts.postings} postings.`,
    ...lines,
    ...named,
  ].join('\n')
}

const timesIn = ({ broken }: Report['invariants'][number]) =>
  broken === 0 ? '' : ` Broken ${broken} times.`
