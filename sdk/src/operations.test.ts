/** Every operation of the API has its function, under the name of its `operationId`. */
import { readFile, readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Definition } from './operation.ts'

type Described = { readonly operationId: string; readonly parameters?: { readonly name: string }[] }

/** What no client calls. */
const left = ['auth.csrfTokenAlias', 'health.reportAlias', 'inbox.takeStripeEvent', 'oidc.callback']

const openapi = new URL('../../server/openapi.json', import.meta.url)
const generated = new URL('generated/', import.meta.url)
const { paths } = JSON.parse(await readFile(openapi, 'utf8')) as {
  paths: Record<string, Record<string, Described>>
}
const described = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId, parameters = [] }]) => ({
    operationId,
    method: method.toUpperCase(),
    path,
    isKeyed: parameters.some(({ name }) => name === 'idempotency-key'),
  })),
)

async function functions(): Promise<Map<string, Definition>> {
  const files = (await readdir(generated)).filter((name) => name !== 'types.ts')
  const found = new Map<string, Definition>()
  for (const file of files) {
    const room = file.replace('.ts', '')
    const all = (await import(`./generated/${file}`)) as Record<string, { definition: Definition }>
    for (const [name, { definition }] of Object.entries(all))
      found.set(`${room}.${name}`, definition)
  }
  return found
}

test('each is there with its method, its address and whether it takes a key; nothing else is', async () => {
  const found = await functions()
  const expected = described.filter(({ operationId }) => !left.includes(operationId))
  expect(expected.length).toBeGreaterThan(100)
  expect([...found.keys()].toSorted()).toEqual(
    expected.map(({ operationId }) => operationId).toSorted(),
  )
  for (const { operationId, ...rest } of expected)
    expect(found.get(operationId), operationId).toMatchObject(rest)
})

test('what is left out is what the API has, and no more', () => {
  const names = described.map(({ operationId }) => operationId)
  expect(names).toEqual(expect.arrayContaining(left))
})
