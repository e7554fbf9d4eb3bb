/** Who counts as one client, and whose word is believed about it. */
import { describe, expect, test } from 'vitest'
import { clientAddress, readTrustedProxies } from './client-address.ts'

const trustedProxies = readTrustedProxies([
  '10.0.0.0/8',
  '192.0.2.7',
  'fd00::/8',
  '::ffff:172.16.0.0/108',
])
const keyOf = (remoteAddress: string) =>
  clientAddress({ remoteAddress, forwardedFor: undefined, trustedProxies }).limitKey

test.each([
  ['203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['::FFFF:CB00:7109', '203.0.113.9', '203.0.113.9'],
  ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:0000:0000:0000:0006', '2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1', '2001:db8::/64'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1::/64'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', '2001:db8::/64'],
  ['::1', '::1', '::/64'],
  ['::', '::', '::/64'],
  ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
  ['1::', '1::', '1::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', '64:ff9b::/64'],
])('%s is %s and counts as %s', (remoteAddress, ip, limitKey) => {
  const address = clientAddress({ remoteAddress, forwardedFor: undefined, trustedProxies })
  expect(address).toMatchObject({ ip, limitKey })
})

test('spellings of an address, and addresses of a /64, share a key', () => {
  const keys = [
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0000:0000:0000:0000:0000:0001',
    '2001:db8:0:0:ffff:ffff:ffff:ffff',
  ].map(keyOf)
  expect(new Set(keys).size).toBe(1)
  expect(keyOf('2001:db8:0:1::1')).not.toBe(keys[0])
})

test('two IPv4 addresses mapped into IPv6 do not share a key', () => {
  expect(keyOf('::ffff:203.0.113.1')).not.toBe(keyOf('::ffff:203.0.113.2'))
})

describe('X-Forwarded-For', () => {
  test.each([
    ['is nothing from a stranger', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    [
      'is nothing from a stranger, whatever it claims',
      '203.0.113.9',
      '10.0.0.1, 10.0.0.2',
      '203.0.113.9',
    ],
    ['is believed from a proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [
      'is believed from a proxy on a dual-stack socket',
      '::ffff:10.0.0.1',
      '198.51.100.1',
      '198.51.100.1',
    ],
    [
      'is believed from a proxy named as a mapped network',
      '172.20.0.1',
      '198.51.100.1',
      '198.51.100.1',
    ],
    ['is nothing from outside a mapped network', '172.32.0.1', '198.51.100.1', '172.32.0.1'],
    ['is believed from a proxy on IPv6', 'fd12::1', '2001:DB8::5', '2001:db8::5'],
    [
      'counts from the right: the rest is the client’s own word',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.1',
      '198.51.100.1',
    ],
    [
      'passes over our own proxies',
      '10.0.0.1',
      '1.2.3.4, 198.51.100.1, 192.0.2.7, 10.3.3.3',
      '198.51.100.1',
    ],
    [
      'does not let a client hide behind one of our addresses',
      '10.0.0.1',
      '10.9.9.9, 198.51.100.1',
      '198.51.100.1',
    ],
    ['of proxies only means the farthest of them', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['may carry ports', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['may carry IPv6 in brackets', '10.0.0.1', '[2001:db8::5]:4711', '2001:db8::5'],
    ['may carry IPv6 in brackets without a port', '10.0.0.1', '[2001:db8::5]', '2001:db8::5'],
    ['without sense means the peer', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['without sense on the right means the peer', '10.0.0.1', '198.51.100.1, x', '10.0.0.1'],
    ['that is empty means the peer', '10.0.0.1', '', '10.0.0.1'],
    ['that ends in a comma means the peer', '10.0.0.1', '198.51.100.1,', '10.0.0.1'],
    [
      'with nonsense beyond the client does not matter',
      '10.0.0.1',
      '<script>, 198.51.100.1',
      '198.51.100.1',
    ],
    ['with octal numbers is without sense', '10.0.0.1', '0198.51.100.1', '10.0.0.1'],
    [
      'of any length is read from its end',
      '10.0.0.1',
      `${'1.1.1.1,'.repeat(5000)}198.51.100.1`,
      '198.51.100.1',
    ],
    ['of one long word is without sense', '10.0.0.1', '1'.repeat(10_000), '10.0.0.1'],
  ])('%s', (_promise, remoteAddress, forwardedFor, ip) => {
    expect(clientAddress({ remoteAddress, forwardedFor, trustedProxies }).ip).toBe(ip)
  })

  test('sent twice is one list', () => {
    const forwardedFor = ['198.51.100.1', '198.51.100.2, 10.0.0.2']
    const address = clientAddress({ remoteAddress: '10.0.0.1', forwardedFor, trustedProxies })
    expect(address.ip).toBe('198.51.100.2')
  })

  test('is nothing where no proxy is trusted', () => {
    const nobody = readTrustedProxies([])
    const request = {
      remoteAddress: '127.0.0.1',
      forwardedFor: '198.51.100.1',
      trustedProxies: nobody,
    }
    expect(clientAddress(request).ip).toBe('127.0.0.1')
  })
})

test('peers without an address share one key', () => {
  for (const remoteAddress of [undefined, '', '/run/socket'])
    expect(clientAddress({ remoteAddress, forwardedFor: '1.2.3.4', trustedProxies })).toEqual({
      ip: '0.0.0.0',
      limitKey: 'unknown',
    })
})

test('addresses are still told apart when the cache has been filled many times over', () => {
  const addresses = Array.from({ length: 15_000 }, (_, n) => `203.0.${n >> 8}.${n & 255}`)
  expect(addresses.map(keyOf)).toEqual(addresses)
  expect(keyOf('203.0.0.0')).toBe('203.0.0.0')
})

test.each([
  'nonsense',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '::/129',
  '10.0.0.0/-1',
  '::ffff:10.0.0.0/64',
])('a trusted proxy cannot be %s', (item) => {
  expect(() => readTrustedProxies([item])).toThrow(item)
})
