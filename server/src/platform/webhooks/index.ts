/** The port for webhooks: one signed message to one address that others chose, so nothing about it is trusted. */
import { lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type LookupFunction, isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'
import { signedHeaders } from './signature.ts'

export type WebhookMessage = {
  readonly url: string
  /** `whsec_` and base64. */
  readonly secret: string
  /** The same at every attempt, so that a receiver knows it has had it. */
  readonly id: string
  /** JSON. */
  readonly body: string
}

export type WebhookSender = {
  /** Resolves when the receiver has answered 2xx. @throws WebhookFailure */
  send(message: WebhookMessage, signal?: AbortSignal): Promise<void>
}

/** `forbidden`: the address is one that must not be reached. `failed`: no answer, or not 2xx. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure'
  readonly reason: 'forbidden' | 'failed'

  constructor(reason: 'forbidden' | 'failed', message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

export type WebhookOptions = {
  /** Whether private, loopback and link-local addresses may be reached. */
  readonly hasPrivateAddresses: boolean
  /** From the first look-up of the name to the end of the answer. */
  readonly timeoutMs?: number
}

/** Standard Webhooks recommends 15 to 30 s for the receiver; whoever needs longer should answer first. */
const defaultTimeoutMs = 15_000
/** Only the status counts; an answer that goes on is cut off. */
const maxAnswerBytes = 64 * 1024

export function openWebhooks({
  hasPrivateAddresses,
  timeoutMs = defaultTimeoutMs,
}: WebhookOptions): WebhookSender {
  const isAllowed = (address: string) => hasPrivateAddresses || isPublicAddress(address)

  /** The address that was judged is the one that is connected to: the name is not looked up again. */
  const lookUp: LookupFunction = (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '')
      const forbidden = addresses.find(({ address }) => !isAllowed(address))
      const [first] = addresses
      if (forbidden || !first) return done(forbid(), '')
      return options.all ? done(null, addresses) : done(null, first.address, first.family)
    })
  }

  return {
    send: async ({ url, secret, id, body }, signal) => {
      const target = new URL(url)
      const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
      // Node asks nobody about a host that is an address already.
      if (isIP(host) !== 0 && !isAllowed(host)) throw forbid()
      const deadline = AbortSignal.timeout(timeoutMs)
      const headers = {
        ...signedHeaders(secret, { id, body, at: new Date() }),
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'ashlar',
      }
      const status = await post(target, body, {
        headers,
        lookup: lookUp,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      })
      if (status < 200 || status > 299)
        throw new WebhookFailure('failed', `the receiver answered ${status}`)
    },
  }
}

type PostOptions = {
  readonly headers: Record<string, string>
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
}

/** One request on a connection of its own; a redirect is an answer like any other. */
function post(target: URL, body: string, options: PostOptions): Promise<number> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(failureOf(error))
    const sent = request(target, { method: 'POST', agent: false, ...options }, (answer) => {
      drain(answer).then(() => resolve(answer.statusCode ?? 0), fail)
    })
    sent.on('error', fail)
    sent.end(body)
  })
}

async function drain(answer: IncomingMessage): Promise<void> {
  let size = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.byteLength
    // Leaving the loop closes the connection.
    if (size > maxAnswerBytes) return
  }
}

function failureOf(error: unknown): WebhookFailure {
  if (error instanceof WebhookFailure) return error
  return new WebhookFailure('failed', 'the receiver cannot be reached', { cause: error })
}

const forbid = () =>
  new WebhookFailure('forbidden', 'the address is private, and WEBHOOK_PRIVATE_ADDRESSES is off')
