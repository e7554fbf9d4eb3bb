/** For receivers of webhooks: whether a message is from your server, unchanged and fresh (Standard Webhooks 1.0.0). */

export type WebhookInput = {
  /** The body as it came, before anything has parsed it. */
  readonly body: string | Uint8Array
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  /** `whsec_…`; several while one takes the place of another. */
  readonly secrets: string | readonly string[]
  /** How old or how early a message may be; 300 s when left out, as the standard's libraries have it. */
  readonly toleranceSeconds?: number
  readonly now?: Date
}

export type VerifiedWebhook = {
  /** The same at every attempt: what you have had already, you answer with 2xx and do nothing. */
  readonly id: string
  readonly sentAt: Date
  /** The parsed body. */
  readonly payload: unknown
}

export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused'
  readonly reason: 'headers' | 'time' | 'signature' | 'body'

  constructor(reason: WebhookRefused['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

const version = 'v1'
const secretPrefix = 'whsec_'
const defaultToleranceSeconds = 300
/** A sender signs once with each secret it knows; more only make work. */
const maxSignatures = 10

/** Throws `WebhookRefused` for a message that is not to be believed, `TypeError` for a secret that is none. */
export async function verifyWebhook(input: WebhookInput): Promise<VerifiedWebhook> {
  const { toleranceSeconds = defaultToleranceSeconds, now = new Date() } = input
  const id = headerOf(input, 'webhook-id')
  const timestamp = headerOf(input, 'webhook-timestamp')
  const signatures = headerOf(input, 'webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp))
    throw new WebhookRefused('headers', 'webhook-timestamp is not in seconds')
  const sentAt = new Date(Number(timestamp) * 1000)
  if (Math.abs(now.getTime() - sentAt.getTime()) > toleranceSeconds * 1000)
    throw new WebhookRefused('time', 'the message is too old, or from the future')

  const body = typeof input.body === 'string' ? new TextEncoder().encode(input.body) : input.body
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body)
  const given = signatures.split(' ').slice(0, maxSignatures)
  const keys = await Promise.all([input.secrets].flat().map(keyOf))
  if (keys.length === 0) throw new TypeError('a webhook is verified with at least one secret')
  if (!(await isSignedByAny(keys, given, signed)))
    throw new WebhookRefused('signature', 'the signature is not one of your secrets')
  return { id, sentAt, payload: payloadOf(body) }
}

function headerOf({ headers }: WebhookInput, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  if (typeof value !== 'string' || value === '')
    throw new WebhookRefused('headers', `${name} is missing`)
  return value
}

function keyOf(secret: string): Promise<Key> {
  const bytes = secret.startsWith(secretPrefix) ? bytesOf(secret.slice(secretPrefix.length)) : null
  if (bytes === null || bytes.length === 0)
    throw new TypeError('the secret of a webhook is `whsec_` and base64')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
}

/** `subtle.verify` compares in constant time. */
async function isSignedByAny(
  keys: readonly Key[],
  given: readonly string[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const one of given) {
    const [scheme, text = ''] = one.split(',', 2)
    const signature = scheme === version ? bytesOf(text) : null
    if (signature === null) continue
    for (const key of keys)
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true
  }
  return false
}

function payloadOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch (cause) {
    throw new WebhookRefused('body', 'the body is not JSON', { cause })
  }
}

/** Null for what is not base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  } catch {
    return null
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}
