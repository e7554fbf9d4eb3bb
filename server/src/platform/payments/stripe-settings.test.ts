import { expect, test } from 'vitest'
import { stripeMode, stripeWebhookSecrets } from './stripe-settings.ts'

const nothing = {
  stripeWebhookSecret: undefined,
  stripeWebhookOldSecret: undefined,
  secretKey: 'a key for tests, long enough to pass as one',
}

test('M38 in production an unset secret is none at all; elsewhere one is made, the same at every start', () => {
  expect(stripeWebhookSecrets({ ...nothing, isProduction: true })).toEqual([])
  const made = stripeWebhookSecrets({ ...nothing, isProduction: false })
  expect(made).toEqual([expect.stringMatching(/^whsec_[0-9a-f]{64}$/)])
  expect(stripeWebhookSecrets({ ...nothing, isProduction: false })).toEqual(made)
})

test('the old secret goes on beside the new one, and what is set leaves no room for a made one', () => {
  const given = { ...nothing, stripeWebhookSecret: 'new', stripeWebhookOldSecret: 'old' }
  for (const isProduction of [true, false])
    expect(stripeWebhookSecrets({ ...given, isProduction })).toEqual(['new', 'old'])
})

test('real money moves by live keys only, restricted ones included', () => {
  expect(
    ['sk_live_1', 'rk_live_1', 'sk_test_1', undefined].map((stripeSecretKey) =>
      stripeMode({ stripeSecretKey }),
    ),
  ).toEqual(['live', 'live', 'test', 'test'])
})
