/** `ashlar dev`: start, and start again whenever the source changes. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const source = fileURLToPath(new URL('../', import.meta.url))

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('Run everything for development and restart on every change of the source.')
    .action(async () => {
      const child = spawn(
        process.execPath,
        [`--watch-path=${source}`, '--watch-preserve-output', main, 'start'],
        { stdio: 'inherit' },
      )
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => child.kill(signal))
      process.exitCode = await new Promise<number>((resolve) =>
        child.on('exit', (code) => resolve(code ?? 1)),
      )
    })
}
