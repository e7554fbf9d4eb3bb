/** Settings of payments. */
import { boolean, secret, url } from '../kinds.ts'
import { httpsOnly, mustBeUnset, stripeLiveKey, strongSecret } from '../production-rules.ts'

const WEB = ['http:', 'https:']

export const paymentSettings = {
  PAYMENTS_ENABLED: boolean({
    doc: 'Takes payments; switch it off in a product without them, and the payment settings are not needed.',
    default: true,
  }),
  STRIPE_SECRET_KEY: secret({
    doc: 'Secret key of the Stripe account; outside production the stand-in answers when unset.',
    aliases: ['STRIPE_SECRET'],
    production: stripeLiveKey(),
  }),
  STRIPE_API_URL: url({
    doc: 'Where a stand-in for Stripe answers, for development and tests; in production it must be unset.',
    example: 'http://127.0.0.1:12111',
    protocols: WEB,
    production: mustBeUnset('sends payments to a stand-in', 'Remove it'),
  }),
  STRIPE_WEBHOOK_SECRET: secret({
    doc: 'Signing secret of the Stripe webhook endpoint (whsec_…); outside production one is generated when unset.',
    production: {
      ...strongSecret(),
      note: 'required unless PAYMENTS_ENABLED is off; at least 32 unpredictable characters',
    },
  }),
  STRIPE_WEBHOOK_OLD_SECRET: secret({
    doc: 'The signing secret before STRIPE_WEBHOOK_SECRET: accepted beside it while Stripe signs with both. Unset it afterwards.',
    production: strongSecret(),
  }),
  STRIPE_SUCCESS_URL: url({
    doc: 'Page after a paid checkout, instead of the portal’s own.',
    example: 'https://app.example.com/thanks',
    protocols: WEB,
    production: httpsOnly(),
  }),
  STRIPE_CANCEL_URL: url({
    doc: 'Page after an abandoned checkout, instead of the portal’s own.',
    example: 'https://app.example.com/pricing',
    protocols: WEB,
    production: httpsOnly(),
  }),
}
