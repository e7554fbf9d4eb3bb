/** What the settings say about Stripe. */
import type { Settings } from '../context.ts'
import { deriveKey } from '../secrets.ts'

/** Whether real money moves: live keys say so of themselves. */
export function stripeMode({ stripeSecretKey = '' }: Pick<Settings, 'stripeSecretKey'>) {
  return /^[rs]k_live_/.test(stripeSecretKey) ? 'live' : 'test'
}

/**
 * The secrets that may have signed a webhook, the newest first. Outside production one is made from SECRET_KEY when none
 * is set, so that signatures are checked in every mode; in production an unset one means that nothing is believed.
 */
export function stripeWebhookSecrets({
  stripeWebhookSecret,
  stripeWebhookOldSecret,
  isProduction,
  secretKey,
}: Pick<
  Settings,
  'stripeWebhookSecret' | 'stripeWebhookOldSecret' | 'isProduction' | 'secretKey'
>): readonly string[] {
  const given = [stripeWebhookSecret, stripeWebhookOldSecret].filter((each) => each !== undefined)
  if (given.length > 0 || isProduction) return given
  return [`whsec_${deriveKey(secretKey, 'stripe webhook').toString('hex')}`]
}
