/** One call of the SDK: what is sent again and what never is, how errors are told apart, how lists are read. */
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import * as access from '../sdk/src/generated/access.ts'
import * as auth from '../sdk/src/generated/auth.ts'
import * as users from '../sdk/src/generated/users.ts'
import {
  ConnectionError,
  UnexpectedAnswer,
  createClient,
  isProblem,
  pages,
  tokenSession,
  unhandled,
} from '../sdk/src/index.ts'
import { goodPassword, startServer } from '../server/src/app/testing.ts'
import { crowd, together } from '../server/src/features/auth/testing.ts'
import { counting, openCuttingProxy } from './sdk-parts.ts'

const server = await startServer()
await server.app.listen({ port: 0, host: '127.0.0.1' })
const urlOf = ({ port }: AddressInfo) => `http://127.0.0.1:${port}`
const baseUrl = urlOf(server.app.server.address() as AddressInfo)

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Somebody who is signed in, at the server or at what stands before it. */
async function givenPerson(role?: string) {
  const { email, userId } = await server.as(role)
  const credential = tokenSession()
  const { fetch, counts } = counting()
  const at = (url: string) => createClient({ baseUrl: url, credential, fetch })
  await auth.login(at(baseUrl), { body: { email, password: goodPassword } })
  return { email, userId, counts, at, client: at(baseUrl) }
}

async function givenCuts(count: number) {
  const proxy = await openCuttingProxy(baseUrl, count)
  closers.push(proxy.close)
  return proxy
}

/** Something that answers in the API's place, as the test says. */
async function givenStandIn(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const standIn = createServer(answer).listen(0, '127.0.0.1')
  await once(standIn, 'listening')
  closers.push(() => {
    standIn.closeAllConnections()
    standIn.close()
  })
  const { fetch, counts } = counting()
  const client = createClient({ baseUrl: urlOf(standIn.address() as AddressInfo), fetch })
  return { client, counts }
}
const problem = (status: number, code: string, headers = {}) => {
  const body = JSON.stringify({ type: '', title: code, status, code, requestId: 'r' })
  return (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(body)
}
const ok = (_request: IncomingMessage, response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"status":"ok"}}')
const newRole = (name: string) => ({ body: { name, rules: [] } })
const proof = { body: { token: 'x' } }
const signIn = { body: { email: 'a@example.com', password: 'x' } }

describe('a connection that breaks after the effect', () => {
  test('a POST that takes a key is sent again under the same one, and has its effect once', async () => {
    const { at, client, counts } = await givenPerson('super_admin')
    const proxy = await givenCuts(2)
    // Without the key the second try would be told that there is such a role.
    const role = await access.createRole(at(proxy.url), newRole('once'))
    expect(proxy.cuts()).toBe(2)
    expect(counts['POST /api/v1/roles']).toBe(3)
    expect(await access.getRole(client, { path: { name: 'once' } })).toMatchObject({
      name: role.name,
    })
    await expect(access.createRole(client, newRole('once'))).rejects.toMatchObject({
      code: 'access.role_exists',
    })
  })

  test('a POST that takes none is not sent again: nobody knows whether it happened', async () => {
    const { at, client, counts } = await givenPerson()
    const proxy = await givenCuts(1)
    const made = auth.createApiKey(at(proxy.url), { body: { name: 'Once' } })
    await expect(made).rejects.toBeInstanceOf(ConnectionError)
    expect(counts['POST /api/v1/auth/api-keys']).toBe(1)
    expect(await auth.listApiKeys(client)).toHaveLength(1)
  })

  test('a PATCH is not sent again, a GET is', async () => {
    const { at, counts, email } = await givenPerson()
    const patched = users.updateMe(at((await givenCuts(1)).url), { body: { name: 'Ada' } })
    await expect(patched).rejects.toBeInstanceOf(ConnectionError)
    expect(counts['PATCH /api/v1/users/me']).toBe(1)
    const me = await users.getMe(at((await givenCuts(3)).url))
    expect(me).toMatchObject({ email, name: 'Ada' })
  })

  test('three more tries are made, and then it is said that there was no answer', async () => {
    const { at, counts } = await givenPerson()
    const proxy = await givenCuts(99)
    await expect(users.getMe(at(proxy.url))).rejects.toBeInstanceOf(ConnectionError)
    expect(counts['GET /api/v1/users/me']).toBe(4)
    await expect(users.getMe(at(proxy.url), { retries: 0 })).rejects.toThrow('no answer')
    expect(counts['GET /api/v1/users/me']).toBe(5)
  })
})

test('twenty calls at once with one key of their own have one effect and one answer', async () => {
  const { client } = await givenPerson('super_admin')
  const answers = await together(crowd, () =>
    access.createRole(client, { ...newRole('many'), idempotencyKey: 'this-role' }),
  )
  for (const answer of answers) expect(answer).toEqual(answers[0])
  await expect(
    access.createRole(client, { ...newRole('other'), headers: { 'Idempotency-Key': 'this-role' } }),
  ).rejects.toMatchObject({ code: 'http.idempotency_key_reused' })
})

test('while the first try of a key runs, the others wait for its answer and do not count as tries', async () => {
  let answers = 0
  const busy = problem(409, 'http.idempotency_in_progress', { 'retry-after': '0' })
  const { client } = await givenStandIn((request, response) => {
    answers += 1
    return answers < 7 ? busy(request, response) : ok(request, response)
  })
  expect(await auth.verifyEmail(client, proof)).toEqual({ status: 'ok' })
  answers = 0
  await expect(auth.verifyEmail(client, { ...proof, retries: 0 })).rejects.toMatchObject({
    code: 'http.idempotency_in_progress',
  })
  expect(answers).toBe(1)
})

describe('Retry-After', () => {
  test('is obeyed where the server counts requests, whatever the method', async () => {
    const strict = await startServer({
      environment: {
        RATE_LIMIT_ENABLED: 'true',
        AUTH_RATE_LIMIT_REQUESTS: '2',
        AUTH_RATE_LIMIT_WINDOW_SECONDS: '2s',
      },
    })
    await strict.app.listen({ port: 0, host: '127.0.0.1' })
    const { fetch, counts } = counting()
    const address = strict.app.server.address() as AddressInfo
    const client = createClient({ baseUrl: urlOf(address), fetch, retries: 5 })
    for (let index = 0; index < 4; index += 1)
      await expect(auth.login(client, signIn)).rejects.toMatchObject({
        code: 'auth.invalid_credentials',
      })
    expect(counts['POST /api/v1/auth/login']).toBeGreaterThan(4)
    await strict.app.close()
  })

  test('is not waited for when it is longer than the caller wants, and the error says how long', async () => {
    const answer = problem(429, 'rate_limit.exceeded', { 'retry-after': '61' })
    const { client, counts } = await givenStandIn(answer)
    await expect(auth.login(client, signIn)).rejects.toMatchObject({ retryAfterSeconds: 61 })
    await expect(users.getMe(client, { maxWaitSeconds: 60 })).rejects.toMatchObject({
      code: 'rate_limit.exceeded',
    })
    expect(counts).toEqual({ 'POST /api/v1/auth/login': 1, 'GET /api/v1/users/me': 1 })
  })

  test('of a server that is going away is obeyed by what may be repeated, and by nothing else', async () => {
    let answers = 0
    const { client, counts } = await givenStandIn((request, response) => {
      answers += 1
      const away = problem(503, 'http.shutting_down', { 'retry-after': '0' })
      return answers % 2 === 1 ? away(request, response) : ok(request, response)
    })
    expect(await auth.verifyEmail(client, proof)).toEqual({ status: 'ok' })
    expect(counts['POST /api/v1/auth/verify-email']).toBe(2)
    await expect(auth.login(client, signIn)).rejects.toMatchObject({ code: 'http.shutting_down' })
    expect(counts['POST /api/v1/auth/login']).toBe(1)
  })
})

describe('what is not the API', () => {
  test('a proxy’s error page is told apart from a problem, and tried again where that is safe', async () => {
    const { client, counts } = await givenStandIn((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    )
    const failure = await users.getMe(client).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UnexpectedAnswer)
    expect(failure).toMatchObject({ status: 502, body: '<h1>Bad gateway</h1>' })
    await expect(auth.login(client, signIn)).rejects.toBeInstanceOf(UnexpectedAnswer)
    expect(counts).toEqual({ 'GET /api/v1/users/me': 4, 'POST /api/v1/auth/login': 1 })
  })

  test('JSON that is cut off is no answer to believe', async () => {
    const { client } = await givenStandIn((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":'),
    )
    await expect(users.getMe(client)).rejects.toBeInstanceOf(UnexpectedAnswer)
  })

  test('a server that never answers is given up after the time that was set', async () => {
    const { client, counts } = await givenStandIn(() => {})
    const call = auth.login(client, { ...signIn, timeoutMs: 50 })
    await expect(call).rejects.toBeInstanceOf(ConnectionError)
    expect(counts['POST /api/v1/auth/login']).toBe(1)
  })
})

test('an aborted call ends with the reason that was given, asks no more and waits no longer', async () => {
  const { client, counts } = await givenStandIn(problem(503, 'http.shutting_down'))
  const controller = new AbortController()
  const reason = new Error('the page was left')
  const call = users.getMe(client, {
    signal: controller.signal,
    onResponse: () => queueMicrotask(() => controller.abort(reason)),
  })
  await expect(call).rejects.toBe(reason)
  await expect(users.getMe(client, { signal: controller.signal })).rejects.toBe(reason)
  expect(counts['GET /api/v1/users/me']).toBe(1)
})

describe('errors', () => {
  /** Every declared code has its case, or this file does not compile. */
  function told(error: unknown): string {
    if (!isProblem(error, auth.login)) throw error
    switch (error.code) {
      case 'auth.invalid_credentials':
        return 'wrong'
      case 'http.invalid_request':
        return error.errors.map(({ pointer }) => pointer).join()
      case 'rate_limit.exceeded':
        return `wait ${error.retryAfterSeconds}`
      case 'tokens.unavailable':
        return 'later'
      default:
        return unhandled(error)
    }
  }
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => error,
    )

  test('are told apart by their code', async () => {
    const client = createClient({ baseUrl })
    expect(told(await failureOf(auth.login(client, signIn)))).toBe('wrong')
    const empty = auth.login(client, { body: { email: '', password: '' } })
    expect(told(await failureOf(empty))).toContain('/email')
  })

  test('that no route declares are thrown on, and those of another operation are not taken for its own', async () => {
    const { client } = await givenStandIn(problem(500, 'http.internal_error'))
    const ours = await failureOf(auth.login(client, signIn))
    expect(() => told(ours)).toThrow('http.internal_error')
    const foreign = await failureOf(users.getMe(client))
    expect(isProblem(foreign)).toBe(true)
    expect(isProblem(foreign, auth.login)).toBe(false)
    expect(isProblem(new Error('x'))).toBe(false)
  })
})

describe('addresses', () => {
  test('an id cannot lead to another path', async () => {
    const { client, counts } = await givenPerson()
    for (const id of ['..', '.', ''])
      await expect(users.get(client, { path: { id } })).rejects.toThrow(TypeError)
    for (const id of ['../users/me', 'me?x=', 'a/b'])
      await expect(users.get(client, { path: { id } })).rejects.toMatchObject({ status: 404 })
    expect(counts['GET /api/v1/users/me']).toBeUndefined()
  })
})

describe('a list', () => {
  test('is read to its end, page by page, each row once', async () => {
    const admin = await server.as('admin')
    const credential = tokenSession()
    const { fetch, counts } = counting()
    const client = createClient({ baseUrl, credential, fetch })
    await auth.login(client, { body: { email: admin.email, password: goodPassword } })
    const seen: string[] = []
    for await (const { id } of pages(client, users.list, { query: { limit: 2 } })) seen.push(id)
    expect(seen).toContain(admin.userId)
    expect(new Set(seen).size).toBe(seen.length)
    const whole = await users.list(client, { query: { limit: 100 } })
    expect(whole.meta.nextCursor).toBeNull()
    expect(seen).toEqual(whole.data.map(({ id }) => id))
    expect(counts['GET /api/v1/users']).toBe(Math.ceil(seen.length / 2) + 1)

    const before = counts['GET /api/v1/users'] ?? 0
    for await (const { id } of pages(client, users.list, { query: { limit: 2 } }))
      if (id === seen[1]) break
    expect(counts['GET /api/v1/users']).toBe(before + 1)
  })

  test('without rows is no row', async () => {
    const { client } = await givenPerson()
    const query = { search: 'nobody is called so' }
    for await (const user of pages(client, users.list, { query })) expect.unreachable(user.id)
  })
})
