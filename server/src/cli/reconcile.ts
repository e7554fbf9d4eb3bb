/** `ashlar reconcile`: our books and those of the payment provider, compared. Exit codes: 0 the same, 2 not, 1 failed. */
import { type Command, Option } from 'commander'
import { reconciliationParts } from '../app/rooms.ts'
import {
  type Finding,
  type Run,
  countOutcomes,
  findingsOf,
  reconcile,
  spans,
} from '../features/reconciliation/index.ts'
import { openProgress } from './progress.ts'
import { withProcess } from './session.ts'

/** More is in the API, and in what is open. */
const mostNamed = 200

type Options = { window: Run['span']; full?: true; dryRun?: true; json?: true }

export function addReconcile(program: Command): void {
  program
    .command('reconcile')
    .description(
      'Compare our books with those of the payment provider and bring in what is missing. Exit 2 when something is left; it is named.',
    )
    .addOption(new Option('--window <span>', 'how far back to look').choices(spans).default('24h'))
    .option('--full', 'look at everything: the same as --window full')
    .option('--dry-run', 'only say what is different')
    .option('--json', 'print JSON')
    .action(({ window, full, dryRun, json }: Options) =>
      withProcess(async ({ ctx }) => {
        const progress = openProgress('compared')
        const stop = new AbortController()
        const onSignal = () => stop.abort(new Error('stopped; the next run goes on here'))
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal)
        try {
          const run = await reconcile(
            ctx,
            reconciliationParts,
            { span: full ? 'full' : window, isDryRun: dryRun === true, trigger: 'command' },
            {
              signal: stop.signal,
              onProgress: (_stage, scanned) => progress.show(scanned, null),
            },
          )
          progress.end()
          const found = await findingsOf(ctx, run.id, mostNamed)
          const counts = (await countOutcomes(ctx, [run.id])).get(run.id) ?? {}
          console.log(
            json ? JSON.stringify(reportOf(run, counts, found)) : describe(run, counts, found),
          )
          if (run.state !== 'clean') process.exitCode = 2
        } finally {
          progress.end()
          for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
        }
      }),
    )
}

type Counts = Partial<Record<Finding['outcome'], number>>

function reportOf(run: Run, outcomes: Counts, found: readonly Finding[]) {
  const shown = found.map(({ runId: _run, delta, ...rest }) => ({
    ...rest,
    delta: delta?.toString() ?? null,
  }))
  const { fence: _fence, leaseUntil: _lease, ...about } = run
  return {
    ...about,
    outcomes,
    healed: shown.filter(({ outcome }) => outcome === 'healed'),
    drift: shown.filter(({ outcome }) => outcome !== 'healed'),
  }
}

function describe(run: Run, counts: Counts, found: readonly Finding[]): string {
  const scanned = Object.entries(run.scanned).map(([what, count]) => `${what} ${count}`)
  const ended = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`)
  const verdict =
    run.state === 'clean'
      ? 'Our books and the provider’s agree'
      : 'Our books and the provider’s differ'
  return [
    `${verdict}${ended.length === 0 ? '' : `: ${ended.join(', ')}`}.`,
    `  window ${run.span}, since ${run.since.toISOString()}; ${scanned.join(', ')}`,
    ...run.balances.map(
      ({ currency, provider, ledger, unexplained }) =>
        `  ${currency}: provider ${provider}, ledger ${ledger}, unexplained ${unexplained}`,
    ),
    ...found.map(
      (each) =>
        `  ${each.outcome} ${each.severity} ${each.class} ${each.kind} ${each.ref}: expected ${each.expected}, found ${each.found}`,
    ),
  ].join('\n')
}
