/** `ashlar dev`: start, and start again whenever the source changes; the stand-ins stay, with what they know. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { type StandInOptions, addStandInOptions, startStandIns } from './stand-ins.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const source = fileURLToPath(new URL('../', import.meta.url))

export function addDev(program: Command): void {
  const dev = program
    .command('dev')
    .description('Run everything for development and restart on every change of the source.')
  addStandInOptions(dev).action(async (options: StandInOptions) => {
    const standIns = await startStandIns(options)
    const server = spawn(
      process.execPath,
      [`--watch-path=${source}`, '--watch-preserve-output', main, 'start', '--no-twin'],
      { stdio: 'inherit', env: { ...process.env, ...standIns.environment } },
    )
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => server.kill(signal))
    process.exitCode = await new Promise<number>((resolve) =>
      server.on('exit', (code) => resolve(code ?? 1)),
    )
    standIns.stop()
  })
}
