/** The list of breached passwords: what it is told, what it answers, and what happens when it does not. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type BreachOutcome, openBreachList } from './breaches.ts'

const digitsOf = (password: string) =>
  createHash('sha1').update(password).digest('hex').toUpperCase()
const other = `${'0'.repeat(35)}:3`

async function givenList(answer: RequestListener, timeoutMs = 2000) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const outcomes: BreachOutcome[] = []
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/range`
  const list = openBreachList({ url, timeoutMs, onAsked: (outcome) => outcomes.push(outcome) })
  return { list, outcomes, server }
}

test('it is asked by five digits, with padding, and the rest is compared here', async () => {
  const asked: unknown[] = []
  const rest = digitsOf('known').slice(5)
  const { list, outcomes } = await givenList((request, reply) => {
    asked.push([request.method, request.url, request.headers['add-padding']])
    reply.end(`${other}\r\n${rest}:42\r\n`)
  })
  expect(await list.isKnown('known')).toBe(true)
  expect(await list.isKnown('not known')).toBe(false)
  expect(asked).toEqual([
    ['GET', `/range/${digitsOf('known').slice(0, 5)}`, 'true'],
    ['GET', `/range/${digitsOf('not known').slice(0, 5)}`, 'true'],
  ])
  expect(outcomes).toEqual(['known', 'clear'])
})

test('padding, whose count is 0, is no breach', async () => {
  const { list } = await givenList((_request, reply) =>
    reply.end(`${other}\r\n${digitsOf('known').slice(5)}:0`),
  )
  expect(await list.isKnown('known')).toBe(false)
})

const silences: Record<string, RequestListener> = {
  'an error': (_request, reply) => reply.writeHead(500).end('oops'),
  'a refusal': (_request, reply) => reply.writeHead(429).end(),
  'another place': (_request, reply) =>
    reply.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  'a page': (_request, reply) => reply.end('<!doctype html><title>Welcome</title>'),
  nothing: (_request, reply) => reply.end(),
  'no end': (_request, reply) => {
    const more = () => reply.write('0'.repeat(65_536), () => setImmediate(more))
    more()
  },
  silence: () => {},
  'a broken line': (request) => request.socket.destroy(),
}

test.each(Object.entries(silences))(
  'to a list that answers %s the password is neither known nor clear, and somebody is told',
  async (_name, answer) => {
    const { list, outcomes } = await givenList(answer, 300)
    expect(await list.isKnown('known')).toBeNull()
    expect(outcomes).toEqual(['failed'])
  },
)

test('without an address nobody is asked', async () => {
  const outcomes: BreachOutcome[] = []
  const list = openBreachList({
    url: undefined,
    timeoutMs: 100,
    onAsked: (outcome) => outcomes.push(outcome),
  })
  expect(await list.isKnown('known')).toBeNull()
  expect(outcomes).toEqual([])
})
