/** The Stripe twin: a stateful stand-in for Stripe over HTTP, in test mode, for development and tests. */
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createAccount, setState } from './accounts.ts'
import { type Api, answerApi } from './api.ts'
import { refuseLiveKey } from './authentication.ts'
import { createClock } from './clock.ts'
import { type Faults, createFaultPlan } from './faults.ts'
import { createIdempotencyKeys } from './idempotency.ts'
import { newId } from './ids.ts'
import { answerPage, isPage } from './pages.ts'
import { type Truth, truthOf } from './truth.ts'
import { type NewEndpoint, addEndpoint } from './webhook-endpoints.ts'
import { type Delivery, createWebhooks, quiet } from './webhooks.ts'
import { type Money, type World, createWorld } from './world.ts'

export type StripeTwinOptions = {
  /** The only key that is let in: `sk_test_…`. */
  apiKey: string
  /** Known from the start, besides those that are made through the API. */
  endpoints?: readonly NewEndpoint[]
  money?: Partial<Money>
  /** A free port by default. */
  port?: number
  /** The loopback address by default: this twin is not for the open network. */
  host?: string
}

export type StripeTwin = {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly faults: Faults
  /** Puts the clock forward, and does and delivers what was due on the way. */
  advance(seconds: number): Promise<void>
  /** Until every webhook that was due has been delivered or has failed. */
  quiet(): Promise<void>
  /** Attempts to deliver webhooks, in the order in which they ended. */
  deliveries(): readonly Delivery[]
  /** What money really moved, whatever anybody believes. */
  truth(): Truth
  close(): Promise<void>
}

const apiVersion = '2026-10-28.endive'
const defaultMoney: Money = {
  settleSeconds: 2 * 24 * 3600,
  asyncCaptureSeconds: 0,
  feePerMille: 29,
  feeFixed: 30,
  disputeFee: 1500,
  mayOverdraw: true,
  afterRetries: 'canceled',
  conversions: {},
}
const maximumBodyBytes = 1024 * 1024

export async function startStripeTwin(options: StripeTwinOptions): Promise<StripeTwin> {
  refuseLiveKey(options.apiKey)
  const host = options.host ?? '127.0.0.1'
  const { faults, plan } = createFaultPlan()
  const clock = createClock()
  const webhooks = createWebhooks()
  const world = createWorld({
    platformId: newId('acct', 16),
    clock,
    plan,
    faults,
    webhooks,
    apiVersion,
    money: { ...defaultMoney, ...options.money },
  })
  openPlatform(world)
  for (const endpoint of options.endpoints ?? []) addEndpoint(world.platform, endpoint)

  const api: Api = { world, keys: createIdempotencyKeys(), apiKey: options.apiKey }
  const server = createServer((message, response) => {
    serve(api, message, response).catch(() => message.socket.destroy())
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const port = portOf(server)
  world.url = `http://${host}:${port}`
  return {
    url: world.url,
    host,
    port,
    faults,
    advance: (seconds) => clock.advance(seconds, () => quiet(webhooks)),
    quiet: () => clock.advance(0, () => quiet(webhooks)),
    deliveries: () => [...webhooks.deliveries],
    truth: () => truthOf(world),
    async close() {
      clock.stop()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await quiet(webhooks)
    },
  }
}

/** Its own account can do everything. */
function openPlatform(world: World): void {
  const { accountId } = world.platform
  const account = createAccount(world, accountId, {
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    country: 'US',
    type: 'standard',
  })
  setState(world.platform, account, 'enabled')
}

async function serve(api: Api, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(message)
  if (isPage(message.url ?? '/')) answerPage(api.world, message, response, body)
  else await answerApi(api, message, response, body)
}

async function readBody(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of message) {
    const bytes: Buffer = Buffer.from(part)
    size += bytes.length
    if (size > maximumBodyBytes) throw new Error('The request is too large.')
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString()
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The twin has no port.')
  return address.port
}
