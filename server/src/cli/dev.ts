/** `ashlar dev`: start, and start again whenever the source changes; with an identity provider to sign in with. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { getConfig, readEnvironment } from '../app/settings.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const source = fileURLToPath(new URL('../', import.meta.url))
/** Stands in for Google and the like. It is in the repository, not in the package. */
const twinEntry = fileURLToPath(new URL('../../../twins/src/oidc/main.ts', import.meta.url))
/** Always the same one: the port is a part of the issuer, by which identities are known at the next start. */
const usualTwinPort = '9100'
const client = { id: 'ashlar', secret: 'twin-secret' }

type Options = { readonly twin: boolean; readonly twinPort: string }

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('Run everything for development and restart on every change of the source.')
    .option('--no-twin', 'without the OIDC twin, a provider to sign in with')
    .option('--twin-port <port>', 'where the OIDC twin listens', usualTwinPort)
    .action(async (options: Options) => {
      const twin = isTwinWanted(options) ? await startTwin(options.twinPort) : null
      const server = spawn(
        process.execPath,
        [`--watch-path=${source}`, '--watch-preserve-output', main, 'start'],
        {
          stdio: 'inherit',
          env: { ...process.env, ...(twin && providersFor(options.twinPort)) },
        },
      )
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => server.kill(signal))
      process.exitCode = await new Promise<number>((resolve) =>
        server.on('exit', (code) => resolve(code ?? 1)),
      )
      twin?.kill()
    })
}

/** Whoever has providers of their own is left alone with them, and production never meets this one. */
function isTwinWanted({ twin }: Options): boolean {
  const { values } = readEnvironment(process.env)
  const hasProviders = ['OIDC_PROVIDERS', 'OIDC_PROVIDERS_FILE'].some((name) => values[name])
  return twin && existsSync(twinEntry) && !hasProviders && values['NODE_ENV'] !== 'production'
}

/** Resolves when it listens; null when it does not, which is no reason to go without the rest. */
async function startTwin(port: string): Promise<ChildProcess | null> {
  const callback = `${getConfig(readEnvironment(process.env)).publicUrl}/api/v1/oidc/twin/callback`
  const twin = spawn(
    process.execPath,
    [twinEntry, '--port', port, '--callback', callback, '--client-id', client.id],
    {
      // What it says on its way down is told in our own words.
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const isListening = await Promise.race([
    once(twin.stdout, 'data').then(() => true),
    once(twin, 'exit').then(() => false),
  ])
  if (isListening) return twin
  console.error(`The OIDC twin does not start on port ${port}; going on without it.`)
  return null
}

const providersFor = (port: string) => ({
  OIDC_PROVIDERS: JSON.stringify([
    {
      id: 'twin',
      name: 'the twin',
      issuer: `http://127.0.0.1:${port}`,
      clientId: client.id,
      clientSecret: client.secret,
    },
  ]),
})
