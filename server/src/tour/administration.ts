/**
 * The chapter on administration: the authenticator that opens it for a while, a program's token, acting in somebody's
 * account and what is recorded of it, keeping somebody out, and what the figures say.
 */
import { authenticatorIn, codeAt, periodMs, waitForFreshCode } from './authenticator.ts'
import { type Call, api, codeIn, get, post, text } from './client.ts'
import { type Customer, registered } from './customer.ts'
import { type Paid, moneyOfficeChapter } from './money-office.ts'
import type { Guide } from './step.ts'

export type Administrator = { readonly email: string; readonly password: string }

/** Somebody administers; the account they look after registers first. */
export async function administrationChapter(
  guide: Guide,
  admin: Administrator,
  paid: Paid | null,
): Promise<void> {
  const customer = await registered(guide)
  const bearer = await openAdministration(guide, admin)
  if (paid) await moneyOfficeChapter(guide, bearer, paid)
  await programChapter(guide, bearer)
  await impersonationChapter(guide, { bearer, userId: customer.id })
  await suspensionChapter(guide, { bearer, customer })
  await recordChapter(guide, { bearer, userId: customer.id })
}

/** Signs in, sets an authenticator up and opens the window with a code of it. Returns the access token. */
async function openAdministration(
  guide: Guide,
  { email, password }: Administrator,
): Promise<string> {
  const users = '/admin/users?limit=1'
  const signIn = post('/auth/login', { email, password, mode: 'token' })
  const signedIn = await guide.call('an administrator signs in', signIn, 200, () => 'tokens')
  const setUp = post('/admin/security/mfa/setup', undefined, bearerIn(signedIn))
  const shown = await guide.call('sets up an authenticator', setUp, 200, (answer) => {
    authenticatorIn(answer)
    return 'a QR code; the authenticator reads it'
  })
  const totp = authenticatorIn(shown)
  await waitForFreshCode()
  const confirm = post(
    '/admin/security/mfa/verify',
    { code: codeAt(totp, -periodMs) },
    bearerIn(signedIn),
  )
  const enabled = await guide.call('confirms it with a code', confirm, 200, () => 'new tokens')
  const bearer = bearerIn(enabled)
  await guide.call('administration asks for the next code', get(users, bearer), 403, codeIn)
  const opened = get(users, bearer, { 'x-admin-mfa-code': codeAt(totp, 0) })
  await guide.call('which opens it for ten minutes', opened, 200, ({ body }) => totalIn(body))
  await guide.call('no further code is asked for', get(users, bearer), 200, ({ body }) =>
    totalIn(body),
  )
  return bearer
}

async function programChapter(guide: Guide, bearer: string): Promise<void> {
  const wanted = { name: 'tour', scopes: ['admin.read_users'] }
  const made = await guide.call(
    'makes a token for a program that only reads',
    post('/admin/service-tokens', wanted, bearer),
    201,
    () => 'shown this once',
  )
  const token = text(made.body, 'data', 'token')
  const id = text(made.body, 'data', 'id')
  await guide.call('the program reads', get('/admin/users?limit=1', token), 200, ({ body }) =>
    totalIn(body),
  )
  await guide.call('and reads nothing else', get('/admin/audit-logs?limit=1', token), 403, codeIn)
  const remove: Call = { method: 'DELETE', path: `${api}/admin/service-tokens/${id}`, bearer }
  await guide.call('takes the token away', remove, 204)
  await guide.call('which is dead at once', get('/admin/users?limit=1', token), 401, codeIn)
}

type OfUser = { readonly bearer: string; readonly userId: string }

async function impersonationChapter(guide: Guide, { bearer, userId }: OfUser): Promise<void> {
  const reason = 'The tour shows what the customer sees.'
  const begun = await guide.call(
    'asks to act in the customer’s account, and says why',
    post('/admin/impersonation', { userId, reason }, bearer),
    201,
    () => 'a token that works once',
  )
  const exchange = post('/admin/impersonation/exchange', {
    token: text(begun.body, 'data', 'token'),
  })
  const acting = bearerIn(
    await guide.call('exchanges it for a session', exchange, 200, () => 'an access token'),
  )
  await guide.call('once', exchange, 401, codeIn)
  await guide.call('every page can say so', get('/users/me', acting), 200, ({ body }) =>
    text(body, 'data', 'impersonation', 'reason'),
  )
  const rename: Call = {
    method: 'PATCH',
    path: `${api}/users/me`,
    body: { name: 'Bea Helped' },
    bearer: acting,
  }
  await guide.call('helps', rename, 200, ({ body }) => text(body, 'data', 'name'))
  const makeKey = post('/auth/api-keys', { name: 'mine' }, acting)
  await guide.call('makes no keys for themselves', makeKey, 403, codeIn)
  await guide.call('leaves', post('/admin/impersonation/end', undefined, acting), 204)
  await guide.call('and is out', get('/users/me', acting), 401, codeIn)
  await guide.call(
    'the log names both',
    get(`/admin/audit-logs?action=users.user_updated&targetUserId=${userId}&limit=1`, bearer),
    200,
    ({ body }) => {
      const onBehalfOf = text(body, 'data', 0, 'onBehalfOf')
      if (onBehalfOf !== userId) throw new Error('it does not say in whose name')
      return `${text(body, 'data', 0, 'actor', 'id')} on behalf of ${onBehalfOf}`
    },
  )
}

async function suspensionChapter(
  guide: Guide,
  { bearer, customer }: { bearer: string; customer: Customer },
): Promise<void> {
  const { id, email, password } = customer
  const account = `/admin/users/${id}`
  const signIn = post('/auth/login', { email, password, mode: 'token' })
  await guide.call(
    'suspends the account',
    post(`${account}/suspend`, { reason: 'The tour.' }, bearer),
    204,
  )
  await guide.call('it looks like a wrong password', signIn, 401, codeIn)
  await guide.call('lifts it', post(`${account}/unsuspend`, undefined, bearer), 204)
  await guide.call('the customer is back', signIn, 200, () => 'tokens')
}

async function recordChapter(guide: Guide, { bearer, userId }: OfUser): Promise<void> {
  await guide.call(
    'one id, the whole story',
    get(`/admin/trace/${userId}`, bearer),
    200,
    ({ body }) => {
      const { steps } = (body as { data: { steps: unknown[] } }).data
      return `${steps.length} steps, from the first mail to the last sign-in`
    },
  )
  await guide.call(
    'why somebody may do something',
    get(`/access/explain?user=${userId}&permission=admin.read_users`, bearer),
    200,
  )
  await guide.call(
    'how fast each route was',
    get('/admin/monitoring/routes?window=1h', bearer),
    200,
    () => 'by count, errors and percentiles',
  )
  await guide.call(
    'the ledger is true to itself',
    get('/ledger/check', bearer),
    200,
    ({ body }) => {
      const { data } = body as { data: { isGood: boolean; invariants: unknown[] } }
      if (!data.isGood) throw new Error('it is not')
      return `${data.invariants.length} invariants hold`
    },
  )
}

const bearerIn = ({ body }: { body: unknown }) => text(body, 'data', 'accessToken')
const totalIn = (body: unknown) =>
  `${(body as { meta: { total: number } }).meta.total} accounts in all`
