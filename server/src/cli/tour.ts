/** `ashlar tour`: drives a running server through the product as a client would, one line per step. */
import type { Command } from 'commander'
import { runTour } from '../tour/tour.ts'

export function addTour(program: Command): void {
  program
    .command('tour')
    .description(
      'Show the product at work on a running server; starts one for as long as it takes if none runs.',
    )
    .option('--url <url>', 'the server to drive (default: PUBLIC_URL)')
    .option('--json', 'print each step as a line of JSON')
    .action(async ({ url, json }: { url?: string; json?: true }) => {
      const isGood = await runTour({ url, asJson: json === true })
      process.exitCode = isGood ? 0 : 1
    })
}
