/** What is measured: the calls of each workload, the same for both servers. */
import { randomBytes } from 'node:crypto'
import type { CallName, PostingName } from './arguments.ts'
import { type Account, type Seed, password } from './seed.ts'

export type Call = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Sent as an event of Stripe, a new one each time, signed with this. */
  readonly eventSecret?: string
}

export type Workload = {
  readonly what: string
  readonly calls: (seed: Seed) => readonly Call[]
}

/** The origin that the server under test takes for its own web application. */
export const publicUrl = 'https://bench.example.com'

/** What Stripe signs with. */
export const webhookSecret = `whsec_${randomBytes(32).toString('base64url')}`

const api = '/api/v1'

export const workloads: Readonly<Record<CallName, Workload>> = {
  whoami: {
    what: 'the session of the cookie is checked and its user returned',
    calls: ({ accounts }) => accounts.map((account) => get('/users/me', account)),
  },
  read: {
    what: 'one profile of 100,000, as far as the reader may see it',
    calls: ({ accounts, visibleIds }) =>
      visibleIds.map((id, index) => get(`/users/${id}`, nth(accounts, index))),
  },
  list: {
    what: 'the 20 newest profiles of 100,000 that the reader may see',
    calls: ({ accounts }) => accounts.map((account) => get('/users?limit=20', account)),
  },
  create: {
    what: 'an API key and the fact that records it, in one transaction',
    calls: ({ accounts }) =>
      accounts.map(({ cookie, csrfToken }) => ({
        method: 'POST',
        path: `${api}/auth/api-keys`,
        headers: {
          cookie,
          origin: publicUrl,
          'x-csrf-token': csrfToken,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name: 'bench' }),
      })),
  },
  signin: {
    what: 'a password is verified (argon2id as in production), a session and its tokens are made',
    calls: ({ accounts }) =>
      accounts.map(({ email }, index) => ({
        method: 'POST',
        path: `${api}/auth/login`,
        headers: {
          'content-type': 'application/json',
          // Each from an address of its own, or the limits would do their work.
          'x-forwarded-for': `198.18.${index >> 8}.${index & 255}`,
        },
        body: JSON.stringify({ email, password, mode: 'token' }),
      })),
  },
  intake: {
    what: 'an event of Stripe is verified, stored, its object marked and a job wanted, in one transaction',
    // As many as there are connections at most: each makes its own events.
    calls: ({ accounts }) =>
      accounts.map(() => ({
        method: 'POST',
        path: `${api}/webhooks/stripe`,
        headers: { 'content-type': 'application/json' },
        eventSecret: webhookSecret,
      })),
  },
}

/** How many wallets the writers of the ledger share. */
export const walletsOf: Readonly<Record<PostingName, number>> = {
  posting: 1_000,
  'posting-hot': 1,
}

const get = (path: string, { cookie }: Account): Call => ({
  method: 'GET',
  path: `${api}${path}`,
  headers: { cookie },
})

function nth<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('there are no accounts to call with')
  return item
}
