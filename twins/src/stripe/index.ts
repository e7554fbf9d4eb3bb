/** The Stripe twin: a stateful stand-in for Stripe over HTTP, in test mode, for development and tests. */
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createAccount, setState } from './accounts.ts'
import { type Api, answerApi } from './api.ts'
import { refuseLiveKey } from './authentication.ts'
import { type Due, createClock } from './clock.ts'
import { type Faults, createFaultPlan } from './faults.ts'
import { forgetOld } from './forgetting.ts'
import { createIdempotencyKeys, keyForm } from './idempotency.ts'
import { newId } from './ids.ts'
import { knownWork } from './known-work.ts'
import { type Lock, lockFile } from './lock.ts'
import { type Memory, createMemory, openMemory } from './memory.ts'
import { answerPage, isPage } from './pages.ts'
import { type Truth, truthOf } from './truth.ts'
import { type NewEndpoint, setEndpoints } from './webhook-endpoints.ts'
import { type Delivery, createWebhooks, quiet, resumeSending } from './webhooks.ts'
import { performIn } from './work.ts'
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
  /** Where all is written down, to be remembered by the next twin; without it all is forgotten. Only one twin may have it. */
  file?: string
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

export const apiVersion = '2026-10-28.endive'
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
  const { file } = options
  if (file === undefined) return openTwin(options, createMemory())
  const lock = await lockFile(file)
  let memory: Memory | null = null
  try {
    memory = openMemory(file, apiVersion)
    return await openTwin(options, memory, lock)
  } catch (error) {
    memory?.close()
    lock.release()
    throw error
  }
}

/** With a memory of the caller's own. */
export async function openTwin(
  options: StripeTwinOptions,
  memory: Memory,
  lock?: Lock,
): Promise<StripeTwin> {
  const host = options.host ?? '127.0.0.1'
  const { faults, world } = openWorld(memory, options)
  const { clock, webhooks } = world
  const kept = memory.shelf('idempotencyKeys', keyForm)
  const keys = createIdempotencyKeys(kept)
  memory.wake()
  forgetOld(world, kept)
  setEndpoints(world.platform, options.endpoints ?? [])

  const server = createServer((message, response) => {
    const api: Api = { world, keys, apiKey: options.apiKey }
    serve(api, message, response).catch(() => message.socket.destroy())
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const port = portOf(server)
  world.url = `http://${host}:${port}`
  if (lock) resumeSending(world)
  clock.resume()
  memory.commit()
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
      // What is on its way is written down, and comes again.
      if (lock) webhooks.ended.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await quiet(webhooks)
      memory.close()
      lock?.release()
    },
  }
}

export function openWorld(
  memory: Memory,
  options: StripeTwinOptions,
): { faults: Faults; world: World } {
  const { faults, plan } = createFaultPlan()
  const entries = memory.shelf<Due>('clock.entries')
  const unknown = entries.values().find(({ name }) => !knownWork.has(name))
  if (unknown)
    throw new Error(`This twin does not know how to do ${unknown.name}. ${memory.advice}`)
  const clock = createClock({
    entries,
    settings: memory.shelf('clock.settings'),
    perform: (due) => performIn(world, due),
    commit: memory.commit,
  })
  const names = memory.shelf<string>('names')
  const platformId = names.get('platform') ?? newId('acct', 16)
  const world: World = createWorld({
    platformId,
    clock,
    plan,
    faults,
    memory,
    webhooks: createWebhooks(memory),
    works: knownWork,
    apiVersion,
    money: { ...defaultMoney, ...options.money },
  })
  if (!names.has('platform')) openPlatform(world)
  names.set('platform', platformId)
  return { faults, world }
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
