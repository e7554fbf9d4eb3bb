/** Whose request this is, behind any number of proxies that we trust and none that we do not. */
import { BlockList } from 'node:net'
import { parseAddress, type Address } from './ip-address.ts'

export type ClientAddress = { readonly ip: string; readonly limitKey: string }

type Peer = Address & { readonly isTrusted: boolean }

/** The proxies whose X-Forwarded-For is believed, with a cache of addresses read lately. */
export type TrustedProxies = { find(text: string): Peer | null }

/** Addresses kept read, in two generations of this size. */
const cacheSize = 5_000
/** A peer without an address: a Unix socket, or a connection that is already gone. All of these share one key. */
const nowhere: ClientAddress = { ip: '0.0.0.0', limitKey: 'unknown' }

/** Reads a list of addresses and CIDR networks. @throws Error for an item that is neither */
export function readTrustedProxies(items: readonly string[]): TrustedProxies {
  const trusted = new BlockList()
  for (const item of items) addTo(trusted, item)
  const read = (text: string): Peer | null => {
    const address = parseAddress(text)
    return address && { ...address, isTrusted: trusted.check(address.ip, address.family) }
  }
  // Two generations: what was not asked for while one of them filled up is forgotten with the older.
  let recent = new Map<string, Peer | null>()
  let older = recent
  return {
    find: (text) => {
      const known = recent.get(text)
      if (known !== undefined) return known
      const found = older.get(text) ?? read(text)
      if (recent.size >= cacheSize) {
        older = recent
        recent = new Map()
      }
      recent.set(text, found)
      return found
    },
  }
}

/**
 * The client's address. `forwardedFor` (the X-Forwarded-For field) counts only when the peer is a trusted proxy; then
 * the right-most hop that is not itself a trusted proxy is the client, because everything left of it is its own word.
 * When all hops are trusted it is the left-most; when the deciding hop is no address, the peer.
 */
export function clientAddress(request: {
  readonly remoteAddress: string | undefined
  readonly forwardedFor: string | readonly string[] | undefined
  readonly trustedProxies: TrustedProxies
}): ClientAddress {
  const { remoteAddress, forwardedFor, trustedProxies } = request
  const peer = remoteAddress === undefined ? null : trustedProxies.find(remoteAddress)
  if (!peer) return nowhere
  if (forwardedFor === undefined || !peer.isTrusted) return peer
  const hops = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',')
  let farthest: Peer = peer
  for (let end = hops.length; end >= 0;) {
    const comma = end === 0 ? -1 : hops.lastIndexOf(',', end - 1)
    const hop = withoutPort(hops.slice(comma + 1, end).trim())
    const found = hop.length > maxHopLength ? null : trustedProxies.find(hop)
    if (!found) return peer
    if (!found.isTrusted) return found
    farthest = found
    end = comma
  }
  return farthest
}

/** Longer than any address: not worth a place in the cache. */
const maxHopLength = 80
/** Some proxies add the port: `192.0.2.1:5000`, `[2001:db8::1]:5000`, `[2001:db8::1]`. */
const ported = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/

function withoutPort(hop: string): string {
  const found = ported.exec(hop)
  return found?.[1] ?? found?.[2] ?? hop
}

function addTo(list: BlockList, item: string): void {
  const [text = '', prefix, ...rest] = item.split('/')
  const address = parseAddress(text)
  const isMapped = address?.family === 'ipv4' && text.includes(':')
  const bits = address?.family === 'ipv4' ? 32 : 128
  const given = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  const length = isMapped && prefix !== undefined ? given - 96 : given
  if (!address || rest.length > 0 || !(length >= 0 && length <= bits))
    throw new Error(`${item} is neither an address nor a network of trusted proxies`)
  list.addSubnet(address.ip, length, address.family)
}
