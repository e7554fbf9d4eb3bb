/** The SDK where it matters most: money over a broken line, a second factor, a change that must not undo another. */
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import * as auth from '../sdk/src/generated/auth.ts'
import * as payments from '../sdk/src/generated/payments.ts'
import * as twofa from '../sdk/src/generated/twofa.ts'
import * as users from '../sdk/src/generated/users.ts'
import {
  type TokenStore,
  createClient,
  isProblem,
  memoryStore,
  pages,
  tokenSession,
} from '../sdk/src/index.ts'
import { atEnd } from '../server/src/app/testing-ends.ts'
import { goodPassword, startServer } from '../server/src/app/testing.ts'
import { codeOf, nextCode } from '../server/src/features/twofa/testing.ts'
import { startStripeTwin } from '../twins/src/stripe/index.ts'
import { openCuttingProxy } from './sdk-parts.ts'

const stripeKey = 'sk_test_of_the_sdk'
const twin = await startStripeTwin({ apiKey: stripeKey, endpoints: [] })
const server = await startServer({
  environment: {
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_API_URL: twin.url,
    STRIPE_WEBHOOK_SECRET: 'whsec_a secret for tests, long enough to pass as one: 77d0',
  },
})
atEnd(() => twin.close())
await server.app.listen({ port: 0, host: '127.0.0.1' })
const { port } = server.app.server.address() as AddressInfo
const baseUrl = `http://127.0.0.1:${port}`

async function madeAtStripe(): Promise<number> {
  const reply = await fetch(`${twin.url}/v1/payment_intents`, {
    headers: { authorization: `Bearer ${stripeKey}` },
  })
  return ((await reply.json()) as { data: unknown[] }).data.length
}

async function givenPerson(store: TokenStore = memoryStore()) {
  const { email, userId } = await server.as()
  const credential = tokenSession({ store })
  const client = createClient({ baseUrl, credential })
  const signIn = () => auth.login(client, { body: { email, password: goodPassword } })
  await signIn()
  return { client, credential, signIn, userId, email, store }
}

test('a payment that is started over a line which breaks three times is one payment, here and at Stripe', async () => {
  const { client, credential } = await givenPerson()
  const proxy = await openCuttingProxy(baseUrl, 3)
  try {
    const shaky = createClient({ baseUrl: proxy.url, credential })
    const { payment, clientSecret } = await payments.createIntent(shaky, {
      body: { amount: '1099', currency: 'USD' },
    })
    expect(proxy.cuts()).toBe(3)
    expect(clientSecret).toContain('_secret_')
    const mine: string[] = []
    for await (const { id } of pages(client, payments.list)) mine.push(id)
    expect(mine).toEqual([payment.id])
    expect(await madeAtStripe()).toBe(1)
  } finally {
    proxy.close()
  }
})

test('a sign-in that waits for its second factor has no tokens until it has been shown', async () => {
  const { client, signIn, userId, store, email } = await givenPerson()
  const { secret } = await twofa.setup(client, { body: { password: goodPassword } })
  await twofa.enable(client, { body: { code: codeOf(secret) } })
  // Enabling renews the session, whose new tokens are the ones that are sent.
  expect((await users.getMe(client)).email).toBe(email)
  await auth.logout(client)
  await nextCode(server, userId ?? '')

  const held = await signIn()
  expect(await store.read()).toBeNull()
  if (!('twoFactorRequired' in held)) throw new Error('no second factor was asked for')
  await auth.verifySecondFactor(client, {
    body: { pendingToken: held.pendingToken, code: codeOf(secret) },
  })
  expect((await users.getMe(client)).email).toBe(email)
})

test('a change made on an old version is refused, by the ETag that an answer brought', async () => {
  const { client } = await givenPerson()
  let etag = ''
  await users.getMe(client, { onResponse: ({ headers }) => (etag = headers.get('etag') ?? '') })
  expect(etag).not.toBe('')
  const change = (name: string) =>
    users.updateMe(client, { body: { name }, headers: { 'If-Match': etag } })
  await change('First')
  await expect(change('Second')).rejects.toSatisfy(
    (error) => isProblem(error) && error.code === 'http.precondition_failed',
  )
  expect((await users.getMe(client)).name).toBe('First')
})
