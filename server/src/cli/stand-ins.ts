/** Stand-ins for outside services that development brings along: somebody to sign in with, and somebody to pay with. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { getConfig, readEnvironment } from '../app/settings.ts'

/** Always the same ports: the issuer's is a part of its name, by which identities are known at the next start. */
const usualTwinPort = '9100'
const usualStripePort = '9101'
const client = { id: 'ashlar', secret: 'twin-secret' }
/** Of the stand-in alone: it lets no other key in, and no live one. */
const stripeKey = 'sk_test_twin'
const stripeSecret = 'whsec_of_the_stand_in_that_development_brings'

export type StandInOptions = {
  readonly twin: boolean
  readonly twinPort: string
  readonly stripePort: string
}
export type StandIns = {
  /** What the server is told of them. */
  readonly environment: Readonly<Record<string, string>>
  stop(): void
}

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

export function addStandInOptions(command: Command): Command {
  return command
    .option('--no-twin', 'without the OIDC twin, a provider to sign in with, and the Stripe twin')
    .option('--twin-port <port>', 'where the OIDC twin listens', usualTwinPort)
    .option('--stripe-port <port>', 'where the Stripe twin listens', usualStripePort)
}

/** Starts those that are wanted: in development, unless TWINS_ENABLED says no, where the real service is not set. */
export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const environment = readEnvironment(process.env)
  const { nodeEnv, twinsEnabled, roles, ...config } = getConfig(environment)
  const isWanted = ({ entry, unless }: Twin) =>
    existsSync(entry) && !unless.some((name) => environment.values[name])
  const twins =
    options.twin && twinsEnabled && nodeEnv === 'development' && roles.includes('api')
      ? twinsOf(options, config).filter(isWanted)
      : []
  const running = await Promise.all(twins.map(startTwin))
  return {
    environment: Object.assign(
      {},
      ...twins.filter((_, index) => running[index]).map((twin) => twin.environment),
    ),
    stop: () => {
      for (const twin of running) twin?.kill()
    },
  }
}

type Place = { readonly publicUrl: string; readonly port: number; readonly ashlarDataDir: string }

function twinsOf(
  { twinPort, stripePort }: StandInOptions,
  { publicUrl, port, ashlarDataDir }: Place,
): readonly Twin[] {
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
        // Beside the database, whose payments it knows after a restart.
        '--file',
        path.join(ashlarDataDir, 'stripe-twin.journal'),
      ],
      environment: {
        STRIPE_SECRET_KEY: stripeKey,
        STRIPE_API_URL: `http://127.0.0.1:${stripePort}`,
        STRIPE_WEBHOOK_SECRET: stripeSecret,
      },
    },
  ]
}

/** Resolves when it listens; null when it does not, which is no reason to go without the rest. */
async function startTwin({ name, entry, port, args }: Twin): Promise<ChildProcess | null> {
  const twin = spawn(process.execPath, [entry, '--port', port, ...args], {
    // What it says on its way down is told in our own words. By the channel it knows when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    // Ctrl-C is said to the whole group of a terminal: the server still needs it while it drains, and ends it then.
    detached: true,
  })
  let problem = ''
  twin.on('message', (told) => (problem = `: ${problemIn(told)}`))
  const isListening = await Promise.race([
    once(twin.stdout ?? twin, 'data').then(() => true),
    // Comes after all that it has told.
    once(twin, 'disconnect').then(() => false),
  ])
  if (isListening) return twin
  console.error(`The ${name} twin does not start on port ${port}; going on without it${problem}`)
  return null
}

function problemIn(told: unknown): string {
  return told instanceof Object && 'problem' in told ? String(told.problem) : 'it does not say why'
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
