/** Accounts: the platform, and those it connects to pay others. */
import { balanceOf } from './balance.ts'
import { readCurrency } from './currencies.ts'
import { StripeError, invalid, missing } from './errors.ts'
import { emit, previousOf } from './events.ts'
import { newId, randomText } from './ids.ts'
import { isWithin, moment, page, pageParameters, wholeList } from './listing.ts'
import { operation } from './operation.ts'
import {
  type Metadata,
  type Values,
  anything,
  clearable,
  flag,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  shape,
  text,
} from './parameters.ts'
import { type Home, type World, addHome, homeOf } from './world.ts'

type Capability = 'active' | 'inactive' | 'pending'

export type Account = {
  id: string
  object: 'account'
  business_profile: object
  business_type: string | null
  capabilities: { card_payments?: Capability; transfers?: Capability }
  charges_enabled: boolean
  controller: object
  country: string
  created: number
  default_currency: string
  details_submitted: boolean
  email: string | null
  external_accounts: object
  future_requirements: object
  metadata: Metadata
  payouts_enabled: boolean
  requirements: { currently_due: string[]; disabled_reason: string | null; past_due: string[] }
  settings: object
  tos_acceptance: { date: number | null }
  type: string
}

type AccountLink = { accountId: string; refreshUrl: string; returnUrl: string; until: number }
export type AccountLinks = Map<string, AccountLink>

const requested = shape({ requested: flag })
const fields = {
  business_profile: anything,
  business_type: oneOf('company', 'government_entity', 'individual', 'non_profit'),
  capabilities: shape({ card_payments: requested, transfers: requested }),
  email: clearable(text),
  metadata,
  settings: anything,
}
const creating = {
  ...fields,
  controller: anything,
  country: text,
  default_currency: text,
  type: oneOf('custom', 'express', 'standard'),
}

export const accountStates = ['enabled', 'pending', 'rejected', 'restricted'] as const
const linkSeconds = 300
const dueAtFirst = ['business_profile.url', 'external_account', 'tos_acceptance.date']

export function createAccount(world: World, id: string, values: Values<typeof creating>): Account {
  const account: Account = {
    id,
    object: 'account',
    business_profile: values.business_profile ?? {},
    business_type: values.business_type ?? null,
    capabilities: {},
    charges_enabled: false,
    controller: values.controller ?? { is_controller: true, type: 'application' },
    country: values.country ?? 'US',
    created: world.clock.now(),
    default_currency: readCurrency(values.default_currency ?? 'usd', 'default_currency'),
    details_submitted: false,
    email: values.email ?? null,
    external_accounts: wholeList(`/v1/accounts/${id}/external_accounts`, []),
    future_requirements: { currently_due: [] },
    metadata: mergeMetadata({}, values.metadata),
    payouts_enabled: false,
    requirements: {
      currently_due: dueAtFirst,
      disabled_reason: 'requirements.past_due',
      past_due: dueAtFirst,
    },
    settings: values.settings ?? {},
    tos_acceptance: { date: null },
    type: values.type ?? 'none',
  }
  ask(account, values.capabilities)
  world.accounts.set(id, account)
  return account
}

/** What the onboarding page, the dashboard and the checks behind them do to an account. */
export function setState(
  home: Home,
  account: Account,
  state: (typeof accountStates)[number],
): void {
  const before = structuredClone(account)
  const isEnabled = state === 'enabled'
  for (const name of Object.keys(account.capabilities) as ('card_payments' | 'transfers')[])
    account.capabilities[name] = isEnabled ? 'active' : state === 'pending' ? 'pending' : 'inactive'
  account.charges_enabled = isEnabled && account.capabilities.card_payments === 'active'
  account.payouts_enabled = isEnabled
  account.details_submitted = true
  account.tos_acceptance.date ??= home.world.clock.now()
  const due = state === 'restricted' ? ['individual.verification.document'] : []
  const reasons = {
    enabled: null,
    pending: 'requirements.pending_verification',
    rejected: 'rejected.other',
    restricted: 'requirements.past_due',
  }
  account.requirements = { currently_due: due, disabled_reason: reasons[state], past_due: due }
  emit(home, 'account.updated', account, previousOf(before, account))
}

/** The owner of the account no longer wants this platform: its key does not reach the account any more. */
export function deauthorize(home: Home, account: Account): void {
  emit(home, 'account.application.deauthorized', { id: 'ca_twin', object: 'application' })
  home.world.accounts.delete(account.id)
}

export function takeAccount(world: World, id: string): Account {
  const account = world.accounts.get(id)
  if (account) return account
  throw new StripeError(
    403,
    'invalid_request_error',
    `The provided key does not have access to account '${id}' (or that account does not exist).`,
    { code: 'account_invalid' },
  )
}

function ask(account: Account, wanted: Values<typeof fields>['capabilities']): void {
  const already = account.payouts_enabled ? 'active' : 'inactive'
  if (wanted?.transfers?.requested) account.capabilities.transfers ??= already
  if (wanted?.card_payments?.requested) account.capabilities.card_payments ??= already
}

function change(home: Home, account: Account, values: Values<typeof fields>): Account {
  const { capabilities, metadata: changed, ...plain } = values
  const before = structuredClone(account)
  ask(account, capabilities)
  Object.assign(account, plain)
  account.metadata = mergeMetadata(account.metadata, changed)
  emit(home, 'account.updated', account, previousOf(before, account))
  return account
}

function requirePlatform(home: Home): void {
  if (home !== home.world.platform)
    throw invalid('Connected accounts cannot do this: it is for the platform.')
}

export const accountOperations = [
  operation('GET /v1/account', {
    answers: 'account',
    run: ({ home }) => takeAccount(home.world, home.accountId),
  }),
  operation('POST /v1/accounts', {
    parameters: creating,
    answers: 'account',
    run({ home, values }) {
      requirePlatform(home)
      const id = newId('acct', 16)
      addHome(home.world, id)
      return createAccount(home.world, id, values)
    },
  }),
  operation('GET /v1/accounts', {
    parameters: { ...pageParameters, created: moment },
    answers: 'account',
    isList: true,
    run({ home, values }) {
      requirePlatform(home)
      const found = [...home.world.accounts.values()]
        .filter(({ id }) => id !== home.world.platform.accountId)
        .filter((each) => isWithin(values.created, each.created))
      return page('/v1/accounts', found, values)
    },
  }),
  operation('GET /v1/accounts/:id', {
    answers: 'account',
    run: ({ home, part }) => takeAccount(home.world, part('id')),
  }),
  operation('POST /v1/accounts/:id', {
    parameters: fields,
    answers: 'account',
    run({ home: { world }, values, part }) {
      const account = takeAccount(world, part('id'))
      return change(homeOf(world, account.id), account, values)
    },
  }),
  operation('DELETE /v1/accounts/:id', {
    answers: 'account',
    run({ home, part }) {
      requirePlatform(home)
      const { id } = takeAccount(home.world, part('id'))
      if (id === home.accountId) throw missing('account', id)
      const { available, pending } = balanceOf(homeOf(home.world, id))
      if ([...available, ...pending].some(({ amount }) => amount !== 0))
        throw invalid('Only accounts with a balance of zero can be deleted.')
      home.world.accounts.delete(id)
      return { id, object: 'account', deleted: true }
    },
  }),
  operation('POST /v1/account_links', {
    parameters: {
      account: required(text),
      collection_options: anything,
      refresh_url: required(text),
      return_url: required(text),
      type: required(oneOf('account_onboarding', 'account_update')),
    },
    answers: 'account_link',
    run({ home, now, url, values }) {
      requirePlatform(home)
      const { id } = takeAccount(home.world, values.account)
      const code = randomText(20)
      const until = now + linkSeconds
      home.world.accountLinks.set(code, {
        accountId: id,
        refreshUrl: values.refresh_url,
        returnUrl: values.return_url,
        until,
      })
      return {
        object: 'account_link',
        created: now,
        expires_at: until,
        url: `${url}/setup/${code}`,
      }
    },
  }),
]
