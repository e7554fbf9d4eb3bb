/** What the checklist can find: for programs by name, for people in words. `said` is what the other side answered. */

type Words = readonly [detail: string, remedy: string | null]

const mailSettings = 'Check the settings of mail.'
const storageSettings = 'Check the settings of storage and its space.'

/** Texts with their values in braces. What is found good has no remedy. */
const words = {
  mail_captured: [
    'Mail is captured and reaches nobody.',
    'Set MAIL_DRIVER to smtp or sendgrid, with its settings.',
  ],
  mail_answers: ['The mail server answers.', null],
  mail_unwell: ['{said}', mailSettings],
  mail_sent: ['A mail to {to} was taken over: {said}', null],
  mail_refused: ['A mail to {to} was not taken over: {said}', mailSettings],
  storage_answers: ['The store answers.', null],
  storage_unwell: ['{said}', storageSettings],
  storage_works: ['An object was written, read and deleted.', null],
  storage_keeps: ['An object was not deleted.', 'Check the rights of the store’s key.'],
  payments_off: [
    'No payments are taken.',
    'Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to take payments.',
  ],
  payments_unheard: [
    'Payments are taken, and the provider cannot tell what becomes of them.',
    'Make a webhook endpoint at the provider and set STRIPE_WEBHOOK_SECRET.',
  ],
  payments_set_up: ['A provider is set up.', null],
  payments_work: ['The provider has told its balance. Currencies: {currencies}', null],
  key_missing: [
    'There is no key to sign access tokens with.',
    'See "ashlar keys"; with KMS, check TOKEN_KMS_KEY_ID and its permissions.',
  ],
  key_there: ['Access tokens are signed with the key {kid}.', null],
  key_works: ['A document was signed and verified.', null],
  key_broken: ['What was signed does not verify.', 'Rotate the key: "ashlar keys".'],
  alerts_unread: [
    'Alerts reach nobody; they are seen in the console alone.',
    'Set ALERT_EMAIL or ALERT_WEBHOOK_URL.',
  ],
  alerts_addressed: ['Alerts reach {addresses} addresses and {webhooks} webhooks.', null],
  alerts_sent: ['A mail was handed over for each of {addresses} addresses.', null],
  test_failed: ['{said}', 'Check the settings of this part; the log has more.'],
} as const satisfies Readonly<Record<string, Words>>

export type Finding = keyof typeof words
export const findings = Object.keys(words) as Finding[]
export const states = ['ok', 'attention', 'failed', 'off'] as const
export type State = (typeof states)[number]

export type Found = {
  readonly state: State
  readonly finding: Finding
  readonly values: Readonly<Record<string, string>>
  /** What was found. */
  readonly detail: string
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null
}

export function found(
  state: State,
  finding: Finding,
  values: Readonly<Record<string, string>> = {},
): Found {
  const [detail, remedy] = words[finding]
  return {
    state,
    finding,
    values,
    detail: detail.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
    remedy,
  }
}
