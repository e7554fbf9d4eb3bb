/** The items of our lists: browser origins, trusted networks, encryption keys, roles, mail addresses. */
import { BlockList, isIP } from 'node:net'
import { readCrashPlan } from '../crash-points.ts'
import { invalid } from './kinds.ts'
import { quote, type Complaint } from './problem.ts'
import type { Parsed } from './setting.ts'

/** Scheme, host and port as browsers send them. `*` and `null` are refused in every mode: we answer with credentials. */
export function browserOrigin(text: string): Parsed<string> {
  if (text === '*') {
    return unsafe('must not be *, because answers carry credentials', 'List the origins by name')
  }
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return notAnOrigin
  if (parsed.username || parsed.password || parsed.search || parsed.hash) return notAnOrigin
  return parsed.pathname === '/' ? { value: parsed.origin } : notAnOrigin
}

/** 10.0.0.0/8 is the widest private IPv4 network and fc00::/7 the widest private IPv6 one. */
const WIDEST_PREFIX = { 4: 8, 6: 7 } as const

/** An address or a CIDR network of proxies. Everything wider than a private network would trust strangers. */
export function trustedNetwork(text: string): Parsed<string> {
  if (['*', 'true', 'all'].includes(text.toLowerCase())) return trustsEveryone
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  const bits = family === 4 ? 32 : 128
  const length =
    prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if ((family !== 4 && family !== 6) || rest.length > 0 || !(length >= 0 && length <= bits)) {
    return invalid('must list addresses or networks like 10.0.0.0/8', quote(text))
  }
  if (length < WIDEST_PREFIX[family]) return trustsEveryone
  return family === 6 && length <= 96 && holdsAllOfIPv4(address, length)
    ? trustsEveryone
    : { value: text }
}

/** `id:base64` of exactly 32 bytes, the key of AES-256. */
export function encryptionKey(text: string): Parsed<string> {
  const [id = '', encoded = '', ...rest] = text.split(':')
  const isCanonical = /^[A-Za-z0-9+/]{43}=$/.test(encoded)
  if (rest.length === 0 && /^[A-Za-z0-9_-]{1,32}$/.test(id) && isCanonical) return { value: text }
  return {
    complaint: {
      kind: 'invalid',
      message: 'must list id:key pairs, each key 32 bytes in base64',
      remedy: 'Make a key with: openssl rand -base64 32',
    },
  }
}

/** A role's name as DEFAULT_ROLE writes it; whether there is such a role only the access room knows. */
export function roleName(text: string): Parsed<string> {
  return /^[a-z][a-z0-9_]{0,62}$/.test(text)
    ? { value: text }
    : invalid('must list lower-case role names', quote(text))
}

/** A place in the code and the pass that is the last: `payments.after_call:3`. */
export function crashPlan(text: string): Parsed<string> {
  return readCrashPlan(text)
    ? { value: text }
    : invalid('must list crash points, each with its last pass', quote(text))
}

/** A bare mailbox; whether mail can be sent there only the mail port knows. */
export function mailAddress(text: string): Parsed<string> {
  return /^[^\s<>@,;"]+@[^\s<>@,;"]+$/.test(text)
    ? { value: text }
    : invalid('must list bare mail addresses', quote(text))
}

/** A permission's name; whether there is such a one only the rooms know. */
export function permissionName(text: string): Parsed<string> {
  return /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(text)
    ? { value: text }
    : invalid('must list permissions like admin.read_users', quote(text))
}

/** Stored values name their key by id, so an id that stands for two keys makes some of them unreadable. */
export function distinctKeyIds(keys: readonly string[]): Complaint | undefined {
  const ids = keys.map((key) => key.split(':')[0])
  if (new Set(ids).size === ids.length) return undefined
  const message = 'uses one id for two keys'
  return { kind: 'conflict', message, remedy: 'Give every key an id of its own' }
}

const notAnOrigin = invalid('must list origins like https://app.example.com, without a path')

const trustsEveryone = unsafe(
  'trusts every address as a proxy, so anyone could forge theirs',
  'List the addresses of your own proxies',
)

/** IPv4 addresses also appear as ::ffff:a.b.c.d, so an IPv6 network can hold all of them. */
function holdsAllOfIPv4(address: string, length: number): boolean {
  const network = new BlockList()
  network.addSubnet(address, length, 'ipv6')
  return network.check('::ffff:1.1.1.1', 'ipv6')
}

function unsafe(message: string, remedy: string) {
  return { complaint: { kind: 'unsafe', message, remedy } } as const
}
