/** What may be written of a value: secrets are recognised by key and by looks, errors are reduced to safe fields. */
import { redacted, redactText } from './redact-text.ts'

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain }

/** Deeper, wider or longer is cut with a note: a log line is no dump. */
const maxDepth = 7
const maxEntries = 100
/** Values visited per line, so that no object graph, however tangled, holds up the process. */
const maxValues = 1_000
const maxCauses = 5

/** Compared without case, dashes and underscores. */
const secretParts =
  /password|passwd|passphrase|secret|token|authorization|cookie|apikey|privatekey|backupcode|recoverycode|credential|csrf|xsrf|signature|cardnumber|connectionstring|databaseurl|redisurl|dsn$|totp|verifier/
const secretNames = new Set(
  'pass pwd auth code codes otp pin cvc cvv pan card jwt sid bearer smtpurl magiclink resetlink'.split(
    ' ',
  ),
)
/** A number under such a key is as secret as a text; under `totalTokens` it is a figure. */
const secretNumbers =
  /^(?:code|codes|otp|pin|cvc|cvv|pan|card|pass|pwd)$|totp|password|code$|cardnumber/
/** `tokenId`, `passwordChangedAt`, `secret_name` describe the secret without telling it. */
const description =
  /(?:Id|Ids|Type|Kind|Count|Name|At|Seconds|Length|Status|Version|Algorithm|Prefix)$|_(?:id|ids|type|kind|count|name|at|seconds|length|status|version|algorithm|prefix)$/
/** Codes that name an error rather than let somebody in: `auth.expired`, `ECONNREFUSED`, SQLSTATE, `ERR_…`. */
const errorCode = /^(?:[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+|E[A-Z_]{3,}|[0-9A-Z]{5})$/

/** Fields of errors that are known to hold no values of users: Node's, PostgreSQL's, our own. */
const errorFields =
  'code status statusCode errno syscall address port hostname severity schema table column constraint dataType routine details'.split(
    ' ',
  )

type Walk = { readonly ancestors: object[]; left: number }

/** A copy that is safe to write, made of JSON's own types. Never throws. */
export function redactValue(value: unknown): Plain {
  return plain(value, { ancestors: [], left: maxValues })
}

/** Like `redactValue`, for the fields of one log line. */
export function redactFields(fields: Readonly<Record<string, unknown>>): { [key: string]: Plain } {
  const result = plain({ ...fields }, { ancestors: [], left: maxValues })
  return typeof result === 'object' && result !== null && !Array.isArray(result)
    ? result
    : { context: result }
}

/** Whether what stands under this key is secret, whatever it looks like. */
export function isSecretKey(key: string): boolean {
  const name = key.toLowerCase().replaceAll(/[-_]/g, '')
  return secretNames.has(name) || (secretParts.test(name) && !description.test(key))
}

function plain(value: unknown, walk: Walk): Plain {
  walk.left -= 1
  switch (typeof value) {
    case 'string':
      return redactText(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return value.toString()
    case 'object':
      return value === null ? null : object(value, walk)
    case 'undefined':
      return null
    default:
      return `[${typeof value}]`
  }
}

function object(value: object, walk: Walk): Plain {
  if (walk.left <= 0 || walk.ancestors.length >= maxDepth) return '[cut]'
  if (walk.ancestors.includes(value)) return '[circular]'
  walk.ancestors.push(value)
  try {
    return contents(value, walk)
  } catch {
    return '[unreadable]'
  } finally {
    walk.ancestors.pop()
  }
}

function contents(value: object, walk: Walk): Plain {
  if (value instanceof Error) return errorFieldsOf(value, walk)
  if (Array.isArray(value)) return list(value, walk)
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof URL) return redactText(value.href)
  if (value instanceof Map) return entries(Object.fromEntries(value), walk)
  if (value instanceof Set) return list([...value], walk)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) {
    return entries(value, walk)
  }
  // Instances (requests, sockets, clients) hold credentials in places nobody lists.
  return `[${value.constructor?.name ?? 'object'}]`
}

function list(values: readonly unknown[], walk: Walk): Plain[] {
  const shown = values.slice(0, maxEntries).map((value) => plain(value, walk))
  if (values.length > maxEntries) shown.push(`[${values.length - maxEntries} more]`)
  return shown
}

function entries(fields: object, walk: Walk): { [key: string]: Plain } {
  const result: { [key: string]: Plain } = {}
  const keys = Object.keys(fields)
  for (const key of keys.slice(0, maxEntries)) {
    const value: unknown = Reflect.get(fields, key)
    if (value === undefined || typeof value === 'function') continue
    const name = key === '__proto__' ? '[__proto__]' : key.length > 32 ? redactText(key) : key
    result[name] = isSecretKey(key) ? secretOf(key, value, walk) : plain(value, walk)
  }
  if (keys.length > maxEntries) result['[cut]'] = keys.length - maxEntries
  return result
}

/** Presence is worth knowing, so null and booleans stay; groups like `card: {…}` are looked into. */
function secretOf(key: string, value: unknown, walk: Walk): Plain {
  if (value === null || typeof value === 'boolean') return value
  const name = key.toLowerCase().replaceAll(/[-_]/g, '')
  if (typeof value === 'number') {
    const isFigure = !secretNumbers.test(name) || (name === 'code' && value < 1000)
    return isFigure ? plain(value, walk) : redacted
  }
  if (typeof value === 'string' && name === 'code' && errorCode.test(value)) return value
  const isGroup = (name === 'card' || name === 'auth') && typeof value === 'object'
  return isGroup ? plain(value, walk) : redacted
}

function errorFieldsOf(error: Error, walk: Walk): { [key: string]: Plain } {
  const message = redactText(error.message)
  const result: { [key: string]: Plain } = {
    type: redactText(error.constructor?.name || error.name),
    message,
  }
  for (const name of errorFields) {
    const value: unknown = Reflect.get(error, name)
    if (value !== undefined && typeof value !== 'function') result[name] = plain(value, walk)
  }
  result['stack'] = stackOf(error, message)
  if (error.cause !== undefined && walk.ancestors.length <= maxCauses) {
    result['cause'] = plain(error.cause, walk)
  }
  if (error instanceof AggregateError) result['errors'] = list(error.errors, walk)
  return result
}

/** The frames under a redacted headline: the stack's own headline repeats the message as it was thrown. */
function stackOf(error: Error, message: string): string {
  const stack = typeof error.stack === 'string' ? error.stack : ''
  const headline = stack.indexOf(error.message)
  const frames = stack
    .slice(headline === -1 ? 0 : headline + error.message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return `${redactText(error.name)}: ${message}${redactText(frames.map((line) => `\n${line}`).join(''))}`
}
