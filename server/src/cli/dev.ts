/** `ashlar dev`: start, and start again whenever the source changes; with stand-ins to sign in with and to pay with. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { getConfig, readEnvironment } from '../app/settings.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const source = fileURLToPath(new URL('../', import.meta.url))
/** Always the same ports: the issuer's is a part of its name, by which identities are known at the next start. */
const usualTwinPort = '9100'
const usualStripePort = '9101'
const client = { id: 'ashlar', secret: 'twin-secret' }
/** Of the stand-in alone: it lets no other key in, and no live one. */
const stripeKey = 'sk_test_twin'
const stripeSecret = 'whsec_of_the_stand_in_that_ashlar_dev_brings'

type Options = { readonly twin: boolean; readonly twinPort: string; readonly stripePort: string }

/** Stands in for an outside service. It is in the repository, not in the package. */
type Twin = {
  readonly name: string
  readonly entry: string
  readonly port: string
  /** Whoever has set one of these has the real service, and is left alone with it. */
  readonly unless: readonly string[]
  readonly args: readonly string[]
  /** What the server is told of it. */
  readonly environment: Readonly<Record<string, string>>
}

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('Run everything for development and restart on every change of the source.')
    .option('--no-twin', 'without the OIDC twin, a provider to sign in with, and the Stripe twin')
    .option('--twin-port <port>', 'where the OIDC twin listens', usualTwinPort)
    .option('--stripe-port <port>', 'where the Stripe twin listens', usualStripePort)
    .action(async (options: Options) => {
      const wanted = twinsOf(options).filter((twin) => isWanted(twin, options))
      const running = await Promise.all(wanted.map(startTwin))
      const server = spawn(
        process.execPath,
        [`--watch-path=${source}`, '--watch-preserve-output', main, 'start'],
        {
          stdio: 'inherit',
          env: {
            ...process.env,
            ...Object.fromEntries(
              wanted.flatMap(({ environment }, index) =>
                running[index] ? Object.entries(environment) : [],
              ),
            ),
          },
        },
      )
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => server.kill(signal))
      process.exitCode = await new Promise<number>((resolve) =>
        server.on('exit', (code) => resolve(code ?? 1)),
      )
      for (const twin of running) twin?.kill()
    })
}

function twinsOf({ twinPort, stripePort }: Options): readonly Twin[] {
  const { publicUrl, port } = getConfig(readEnvironment(process.env))
  const entryOf = (name: string) =>
    fileURLToPath(new URL(`../../../twins/src/${name}/main.ts`, import.meta.url))
  return [
    {
      name: 'OIDC',
      entry: entryOf('oidc'),
      port: twinPort,
      unless: ['OIDC_PROVIDERS', 'OIDC_PROVIDERS_FILE'],
      args: ['--callback', `${publicUrl}/api/v1/oidc/twin/callback`, '--client-id', client.id],
      environment: providersFor(twinPort),
    },
    {
      name: 'Stripe',
      entry: entryOf('stripe'),
      port: stripePort,
      unless: ['STRIPE_SECRET_KEY', 'STRIPE_SECRET_KEY_FILE', 'STRIPE_SECRET', 'STRIPE_API_URL'],
      args: [
        '--api-key',
        stripeKey,
        '--webhook-secret',
        stripeSecret,
        '--webhook',
        `http://127.0.0.1:${port}/api/v1/webhooks/stripe`,
      ],
      environment: {
        STRIPE_SECRET_KEY: stripeKey,
        STRIPE_API_URL: `http://127.0.0.1:${stripePort}`,
        STRIPE_WEBHOOK_SECRET: stripeSecret,
      },
    },
  ]
}

/** Production never meets one of them. */
function isWanted({ entry, unless }: Twin, { twin }: Options): boolean {
  const { values } = readEnvironment(process.env)
  const isReal = unless.some((name) => values[name])
  return twin && existsSync(entry) && !isReal && values['NODE_ENV'] !== 'production'
}

/** Resolves when it listens; null when it does not, which is no reason to go without the rest. */
async function startTwin({ name, entry, port, args }: Twin): Promise<ChildProcess | null> {
  const twin = spawn(process.execPath, [entry, '--port', port, ...args], {
    // What it says on its way down is told in our own words.
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const isListening = await Promise.race([
    once(twin.stdout, 'data').then(() => true),
    once(twin, 'exit').then(() => false),
  ])
  if (isListening) return twin
  console.error(`The ${name} twin does not start on port ${port}; going on without it.`)
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
