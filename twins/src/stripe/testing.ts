/** What the twin's own tests share: a running twin, the official client, and a shop that hears its webhooks. */
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Stripe } from 'stripe'
import { expect, onTestFinished } from 'vitest'
import {
  type StripeTwin,
  type StripeTwinOptions,
  apiVersion,
  openTwin,
  openWorld,
} from './index.ts'
import { openMemory } from './memory.ts'

export const apiKey = 'sk_test_of_the_twin'
export const secret = 'whsec_of_the_twin'

/** A twin that ends with the test. Whatever the test does, all of it must have been written down. */
export async function givenTwin(options: Partial<StripeTwinOptions> = {}): Promise<StripeTwin> {
  const file = givenFile()
  const memory = openMemory(file, apiVersion)
  const overlooked: string[] = []
  const commit = () => {
    memory.commit()
    overlooked.push(...memory.overlooked())
  }
  const twin = await openTwin({ apiKey, ...options }, { ...memory, commit })
  onTestFinished(async () => {
    await twin.close()
    expect(overlooked).toEqual([])
    expect(overlookedAfterwards(file)).toEqual([])
  })
  return twin
}

/** Holds the answer to the next such request back: `asked` once it has come, until it is let go. */
export function holdAnswer({ faults }: Pick<StripeTwin, 'faults'>, on: string) {
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const until = () => {
    asked.resolve()
    return held.promise
  }
  faults.request({ fault: 'delay', on, until })
  return { asked: asked.promise, letGo: held.resolve }
}

/** Where a twin may write; nothing is there yet. */
export function givenFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'stripe-twin-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'data', 'stripe.journal')
}

/** As a kill at this moment leaves it. */
export function copyOf(file: string): string {
  const copy = givenFile()
  mkdirSync(dirname(copy))
  copyFileSync(file, copy)
  return copy
}

/** What was read is written again as it was. */
function overlookedAfterwards(file: string): string[] {
  const memory = openMemory(file, apiVersion)
  openWorld(memory, { apiKey })
  memory.shelf('idempotencyKeys')
  memory.wake()
  memory.close()
  return memory.overlooked()
}

export function givenClient(twin: StripeTwin, config: Stripe.StripeConfig = {}, key = apiKey) {
  const { host, port } = twin
  return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0, ...config })
}

export type Shop = {
  url: string
  /** What arrived, verified with the official client; an event that does not verify is not here. */
  events: Stripe.Event[]
  types(): string[]
  rejected: { body: string; signature: string }[]
  /** What it answers from now on. */
  status: number
}

/** An endpoint as a product would have it, on a free port by default. */
export async function givenShop(secrets: string[] = [secret], port = 0): Promise<Shop> {
  const shop: Shop = {
    url: '',
    events: [],
    types: () => shop.events.map(({ type }) => type),
    rejected: [],
    status: 200,
  }
  const stripe = new Stripe(apiKey)
  const server = createServer((message, response) => {
    void readAll(message).then((body) => receive(body, message, response))
  })
  const receive = (body: string, message: IncomingMessage, response: ServerResponse) => {
    const signature = String(message.headers['stripe-signature'])
    const event = secrets
      .map((each) => verified(stripe, body, signature, each))
      .find((each) => each !== null)
    if (!event) shop.rejected.push({ body, signature })
    else if (shop.status === 200) shop.events.push(event)
    return response.writeHead(event ? shop.status : 403).end()
  }
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The shop has no port.')
  shop.url = `http://127.0.0.1:${address.port}/hooks`
  return shop
}

/** Asks the twin for what is not in Stripe's API. */
export async function admin(
  client: Stripe,
  method: 'DELETE' | 'GET' | 'POST',
  path: string,
  values: object = {},
): Promise<Record<string, unknown>> {
  const answer: unknown = await client.rawRequest(method, `/_twin/${path}`, { ...values })
  return answer as Record<string, unknown>
}

/** The error of the official client; fails the test when nothing was refused. */
export async function refusalOf(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (outcome instanceof Stripe.errors.StripeError) return outcome
  throw new Error('The request was not refused.', { cause: outcome })
}

/** The id of what may be expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}

export async function paid(client: Stripe, amount = 10_000, card = 'pm_card_visa') {
  return client.paymentIntents.create({
    amount,
    currency: 'usd',
    payment_method: card,
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  })
}

function verified(stripe: Stripe, body: string, signature: string, each: string) {
  try {
    return stripe.webhooks.constructEvent(body, signature, each)
  } catch {
    return null
  }
}

async function readAll(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
