/** Reading IP addresses, so that every address has one spelling and every client one key. */
import { isIPv4, isIPv6 } from 'node:net'

export type Address = {
  readonly family: 'ipv4' | 'ipv6'
  /** Canonical: dotted quad, or as RFC 5952 writes IPv6. */
  readonly ip: string
  /** What a client is counted under: an IPv4 address, or the /64 that one IPv6 customer has to itself. */
  readonly limitKey: string
}

/** Longest spelling of an address with a zone or a port. */
const maxLength = 80

/** Reads an address without port; null when it is none. An IPv4 address inside `::ffff:0:0/96` is that IPv4 address (RFC 4291, 2.5.5.2). */
export function parseAddress(text: string): Address | null {
  if (text.length > maxLength) return null
  if (isIPv4(text)) return ofIPv4(text)
  if (!isIPv6(text)) return null
  const groups = groupsOf(text)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return ofIPv4(dottedQuad(groups[6] ?? 0, groups[7] ?? 0))
  const network = [...groups.slice(0, 4), 0, 0, 0, 0]
  return { family: 'ipv6', ip: format(groups), limitKey: `${format(network)}/64` }
}

/** What an address is counted under; what is no address stands for itself. */
export const networkOf = (text: string): string => parseAddress(text)?.limitKey ?? text

const ofIPv4 = (ip: string): Address => ({ family: 'ipv4', ip, limitKey: ip })

const dottedQuad = (high: number, low: number) =>
  [high >> 8, high & 255, low >> 8, low & 255].join('.')

/** The eight groups of a valid address; a zone (`%eth0`) is dropped. */
function groupsOf(text: string): readonly number[] {
  const [address = ''] = text.split('%')
  const [head = '', tail] = address.split('::')
  const left = parts(head)
  const right = tail === undefined ? [] : parts(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function parts(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** RFC 5952, section 4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function format(groups: readonly number[]): string {
  let start = 0
  let length = 1
  for (let from = 0; from < groups.length; from += 1) {
    let to = from
    while (groups[to] === 0) to += 1
    if (to - from > length) [start, length] = [from, to - from]
  }
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}
