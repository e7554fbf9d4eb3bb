/** Webhooks: signed as others check it, and no way in for an address that somebody chose. */
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { isPublicAddress } from './addresses.ts'
import { openWebhooks } from './index.ts'
import { signedHeaders } from './signature.ts'

let connections = 0
let paths: string[] = []
const endless = Buffer.alloc(64 * 1024, 'x')
const receiver = createServer((request, response) => {
  paths.push(request.url ?? '')
  if (request.url === '/redirect') return response.writeHead(307, { location: '/inside' }).end()
  if (request.url === '/hang') return
  if (request.url !== '/endless') return response.writeHead(204).end()
  response.writeHead(200)
  const more = () => {
    while (!response.destroyed && response.write(endless)) {
      // As fast as it is read.
    }
  }
  response.on('drain', more)
  return more()
})
receiver.on('connection', () => (connections += 1))
await new Promise<void>((resolve) => receiver.listen(0, '::', resolve))
const { port } = receiver.address() as AddressInfo
afterAll(() => {
  receiver.closeAllConnections()
  receiver.close()
})
beforeEach(() => {
  connections = 0
  paths = []
})

const message = {
  id: 'msg_1',
  body: '{}',
  secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
}
const at = (host: string, path = '/') => ({ ...message, url: `http://${host}:${port}${path}` })
const open = openWebhooks({ hasPrivateAddresses: true })
const closed = openWebhooks({ hasPrivateAddresses: false })

test('the signature is the one of the Standard Webhooks libraries', () => {
  expect(
    signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      at: new Date(1614265330 * 1000),
    }),
  ).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('with private addresses open a receiver on this machine is reached', async () => {
  await open.send(at('127.0.0.1'))
  await open.send(at('localhost'))
  expect(connections).toBe(2)
})

describe('with private addresses closed', () => {
  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    '10.0.0.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00:ec2::254]',
  ])('%s is not reached', async (host) => {
    await expect(closed.send(at(host))).rejects.toMatchObject({ reason: 'forbidden' })
    expect(connections).toBe(0)
  })

  test('a name without an address is a failure like any other', async () => {
    await expect(closed.send(at('no-such-host.invalid'))).rejects.toMatchObject({
      reason: 'failed',
    })
  })
})

test.each([
  ['8.8.8.8', true],
  ['172.15.255.255', true],
  ['172.16.0.0', false],
  ['100.64.0.1', false],
  ['192.168.4.4', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['2606:4700::1111', true],
  ['::ffff:8.8.8.8', false],
  ['2001:db8::1', false],
  ['fc00::1', false],
  ['ff02::1', false],
  ['', false],
  ['example.com', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

test('a redirect is a failure, and is not followed', async () => {
  await expect(open.send(at('127.0.0.1', '/redirect'))).rejects.toThrow('307')
  expect(paths).toEqual(['/redirect'])
})

test('an answer without end is cut off', async () => {
  await open.send(at('127.0.0.1', '/endless'))
  expect(paths).toEqual(['/endless'])
})

test('a receiver that does not answer is given up, and so is one whose caller has gone', async () => {
  const impatient = openWebhooks({ hasPrivateAddresses: true, timeoutMs: 50 })
  await expect(impatient.send(at('127.0.0.1', '/hang'))).rejects.toMatchObject({ reason: 'failed' })
  const caller = new AbortController()
  const sending = open.send(at('127.0.0.1', '/hang'), caller.signal)
  caller.abort()
  await expect(sending).rejects.toMatchObject({ reason: 'failed' })
})

test('what is no HTTP, and what hangs up, is a failure', async () => {
  const answers = ['nonsense\r\n\r\n', '']
  const odd = createTcp((socket) => {
    socket.on('error', () => {})
    socket.end(answers.shift() ?? '', () => socket.destroy())
  })
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/`
  for (let round = 0; round < 2; round += 1)
    await expect(open.send({ ...message, url })).rejects.toMatchObject({ reason: 'failed' })
  await new Promise((resolve) => odd.close(resolve))
})
