/** Which addresses are somebody's on the internet, and which lead inside (RFC 6890 and its registries at IANA). */
import { BlockList, isIP } from 'node:net'

const special: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
]

/** Of IPv6 only this is handed out, and parts of it carry IPv4 addresses inside or lead nowhere. */
const globalUnicast = ['2000::', 3] as const
const specialInGlobal: readonly (readonly [address: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const inside = new BlockList()
for (const [address, prefix] of special) inside.addSubnet(address, prefix, 'ipv4')
for (const [address, prefix] of specialInGlobal) inside.addSubnet(address, prefix, 'ipv6')
const outside = new BlockList()
outside.addSubnet(...globalUnicast, 'ipv6')

/** True for an address that anybody on the internet would reach; false for private ones and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !inside.check(address, 'ipv4')
  return family === 6 && outside.check(address, 'ipv6') && !inside.check(address, 'ipv6')
}
