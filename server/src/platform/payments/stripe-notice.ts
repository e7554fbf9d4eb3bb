/** What Stripe posts to us: bytes that are worth nothing until one of our secrets has signed them. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** A signed body may be this old, or this far in the future: a replay is refused, and two clocks may differ. */
const toleranceSeconds = 300
/** While a secret is rolled Stripe signs with two. More signatures than this are not looked at. */
const maxSignatures = 8

/** A hint that something changed at a provider. What it is now has to be asked. */
export type Notice = {
  readonly eventId: string
  readonly type: string
  /** Of the connected account that it is about; empty for our own. */
  readonly account: string
  /** The kind of the object that it is about, and its id; null for an object without one. */
  readonly kind: string
  readonly objectId: string | null
  readonly apiVersion: string | null
  readonly isLive: boolean
  readonly occurredAt: Date
}

export type ReadNotice =
  | { readonly outcome: 'read'; readonly notice: Notice }
  | {
      readonly outcome: 'refused'
      readonly reason: 'no_secret' | 'no_signature' | 'wrong_signature' | 'wrong_time'
    }
  | { readonly outcome: 'malformed' }

/** Without U+0000, which PostgreSQL stores in no text. */
const Name = Type.String({ minLength: 1, maxLength: 255, pattern: String.raw`^[^\u0000]*$` })
const validator = Compile(
  Type.Object({
    id: Name,
    object: Type.Literal('event'),
    type: Name,
    account: Type.Optional(Name),
    api_version: Type.Optional(Type.Union([Name, Type.Null()])),
    livemode: Type.Boolean(),
    // Seconds since 1970, until the year 9999.
    created: Type.Integer({ minimum: 0, maximum: 253_402_300_799 }),
    data: Type.Object({ object: Type.Object({ object: Name, id: Type.Optional(Name) }) }),
  }),
)

/**
 * Reads the body of a webhook of Stripe. The signature is over the bytes as they came, so they are not parsed before it
 * is right.
 * @param header the value of `Stripe-Signature`
 * @param secrets each of them may have signed; without any nobody may
 */
export function readStripeNotice(
  raw: Uint8Array,
  header: string | undefined,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: Date },
): ReadNotice {
  const usable = secrets.filter((secret) => secret !== '')
  if (usable.length === 0) return { outcome: 'refused', reason: 'no_secret' }
  const { signedAt, signatures } = readHeader(header ?? '')
  if (signedAt === null || signatures.length === 0)
    return { outcome: 'refused', reason: 'no_signature' }
  const isSigned = usable.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${signedAt}.`).update(raw).digest()
    return signatures.some((signature) => timingSafeEqual(signature, expected))
  })
  if (!isSigned) return { outcome: 'refused', reason: 'wrong_signature' }
  const ageSeconds = now.getTime() / 1000 - Number(signedAt)
  if (Math.abs(ageSeconds) > toleranceSeconds) return { outcome: 'refused', reason: 'wrong_time' }
  const notice = noticeIn(raw)
  return notice ? { outcome: 'read', notice } : { outcome: 'malformed' }
}

/** `t=1492774577,v1=5257a8…,v0=6ffbb5…`: only `v1` proves anything. */
function readHeader(header: string) {
  const parts = header.split(',').map((part) => part.trim().split('=', 2))
  const valuesOf = (name: string) =>
    parts.flatMap(([key, value = '']) => (key === name ? [value] : []))
  const [signedAt = ''] = valuesOf('t')
  return {
    signedAt: /^\d{1,12}$/.test(signedAt) ? signedAt : null,
    signatures: valuesOf('v1')
      .slice(0, maxSignatures)
      .filter((value) => /^[0-9a-f]{64}$/.test(value))
      .map((value) => Buffer.from(value, 'hex')),
  }
}

/** The event that these bytes are, whoever sent them; null when they are none. */
export function noticeIn(raw: Uint8Array): Notice | null {
  let event: unknown
  try {
    event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw))
  } catch {
    return null
  }
  if (!validator.Check(event)) return null
  const { object } = event.data
  return {
    eventId: event.id,
    type: event.type,
    account: event.account ?? '',
    kind: object.object,
    objectId: object.id ?? null,
    apiVersion: event.api_version ?? null,
    isLive: event.livemode,
    occurredAt: new Date(event.created * 1000),
  }
}
