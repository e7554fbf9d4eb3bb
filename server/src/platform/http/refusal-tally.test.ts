/** Refusals in floods: none is lost, and the table of facts grows no faster than it is allowed to. */
import { expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { anonymousFrom } from './options.ts'
import { openRefusalTally } from './refusal-tally.ts'

const server = await startServer()
const refusal = {
  code: 'access.unauthenticated',
  status: 401,
  policy: null,
  method: 'GET',
  route: '/x',
}

type Data = { count: number; code: string; route: string }
async function refusals(): Promise<{ actorId: string | null; data: Data }[]> {
  const facts = await server.facts()
  return facts
    .filter(({ name }) => name === 'http.requests_refused')
    .map(({ actorId, data }) => ({ actorId, data: data as Data }))
}
const sum = (facts: readonly { data: Data }[]) =>
  facts.reduce((total, { data }) => total + data.count, 0)

function openTally(context = server.process.context, everySeconds = 3600) {
  const errors: unknown[] = []
  const tally = openRefusalTally({ context, everySeconds, onError: (error) => errors.push(error) })
  return { ...tally, errors }
}

test('refusals of one source for one reason are one fact, others are others', async () => {
  const { count, flush } = openTally()
  const [one, other] = [anonymousFrom('192.0.2.1'), anonymousFrom('192.0.2.2')]
  for (let times = 0; times < 40; times += 1) count(one, 'r1', { ...refusal, route: `/${times}` })
  count(other, 'r2', refusal)
  count(one, 'r3', { ...refusal, code: 'rate_limit.exceeded', status: 429 })
  expect(await refusals()).toEqual([])
  await flush()
  await flush()
  expect((await refusals()).map(({ data }) => [data.code, data.route, data.count])).toEqual([
    ['access.unauthenticated', '/0', 40],
    ['access.unauthenticated', '/x', 1],
    ['rate_limit.exceeded', '/x', 1],
  ])
})

test('ten thousand sources are a hundred facts and one for the rest; each refusal is in one', async () => {
  const before = await refusals()
  const { count, flush } = openTally()
  for (let source = 0; source < 10_000; source += 1)
    count(anonymousFrom(`10.0.${source >> 8}.${source & 255}`), 'r', refusal)
  await flush()
  const added = (await refusals()).slice(before.length)
  expect(added).toHaveLength(101)
  expect(sum(added)).toBe(10_000)
})

test('what could not be written is written later, and stays bounded until then', async () => {
  const before = await refusals()
  const { process } = server
  let isAway = true
  const away = new Proxy(process.context, {
    get: (target, name) => {
      if (isAway && name === 'db') throw new Error('away')
      return Reflect.get(target, name) as unknown
    },
  })
  const { count, flush, errors } = openTally(away)
  for (let round = 0; round < 3; round += 1) {
    for (let source = 0; source < 200; source += 1)
      count(anonymousFrom(`10.${round}.0.${source}`), 'r', refusal)
    await flush()
  }
  expect(errors).toHaveLength(3)
  expect(await refusals()).toHaveLength(before.length)
  isAway = false
  await flush()
  const added = (await refusals()).slice(before.length)
  expect(added).toHaveLength(101)
  expect(sum(added)).toBe(600)
})

test('by itself, it is written after a while', async () => {
  const before = await refusals()
  openTally(server.process.context, 0.01).count(anonymousFrom('192.0.2.9'), 'r', refusal)
  const added = () => refusals().then((facts) => facts.slice(before.length))
  expect(await eventually(async () => (await added()).at(0))).toMatchObject({ data: { count: 1 } })
})
