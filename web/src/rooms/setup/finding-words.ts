/** What the checklist has found, and what to do about it: by the names that the API gives (`finding`, and `finding_remedy`). */
import type * as operations from '@ashlar/sdk/operations'
import { defineWords } from '../../frame/words.ts'

type Finding = Awaited<ReturnType<typeof operations.testPart>>['finding']
type Good = Extract<
  Finding,
  | `${string}_answers`
  | 'mail_sent'
  | 'storage_works'
  | 'payments_set_up'
  | 'payments_work'
  | 'key_there'
  | 'key_works'
  | 'alerts_addressed'
  | 'alerts_sent'
>
type Words = Record<Finding | `${Exclude<Finding, Good>}_remedy`, string>

const english = {
  mail_captured: 'Mail is captured and reaches nobody.',
  mail_captured_remedy: 'Set MAIL_DRIVER to smtp or sendgrid, with its settings.',
  mail_answers: 'The mail server answers.',
  mail_unwell: '{said}',
  mail_unwell_remedy: 'Check the settings of mail.',
  mail_sent: 'A mail to {to} was taken over: {said}',
  mail_refused: 'A mail to {to} was not taken over: {said}',
  mail_refused_remedy: 'Check the settings of mail.',
  storage_answers: 'The store answers.',
  storage_unwell: '{said}',
  storage_unwell_remedy: 'Check the settings of storage and its space.',
  storage_works: 'An object was written, read and deleted.',
  storage_keeps: 'An object was not deleted.',
  storage_keeps_remedy: 'Check the rights of the store’s key.',
  payments_off: 'No payments are taken.',
  payments_off_remedy: 'Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to take payments.',
  payments_unheard: 'Payments are taken, and the provider cannot tell what becomes of them.',
  payments_unheard_remedy: 'Make a webhook endpoint at the provider and set STRIPE_WEBHOOK_SECRET.',
  payments_set_up: 'A provider is set up.',
  payments_work: 'The provider has told its balance. Currencies: {currencies}',
  key_missing: 'There is no key to sign access tokens with.',
  key_missing_remedy: 'See “ashlar keys”; with KMS, check TOKEN_KMS_KEY_ID and its permissions.',
  key_there: 'Access tokens are signed with the key {kid}.',
  key_works: 'A document was signed and verified.',
  key_broken: 'What was signed does not verify.',
  key_broken_remedy: 'Rotate the key: “ashlar keys”.',
  alerts_unread: 'Alerts reach nobody; they are seen in the console alone.',
  alerts_unread_remedy: 'Set ALERT_EMAIL or ALERT_WEBHOOK_URL.',
  alerts_addressed: 'Addresses that alerts reach: {addresses}. Webhooks: {webhooks}.',
  alerts_sent: 'Addresses that a mail was handed over for: {addresses}.',
  test_failed: '{said}',
  test_failed_remedy: 'Check the settings of this part; the log has more.',
} satisfies Words

export const findingWords = defineWords(english, {
  mail_captured: 'Mail wird aufgefangen und erreicht niemanden.',
  mail_captured_remedy:
    'Setzen Sie MAIL_DRIVER auf smtp oder sendgrid, mit den Einstellungen dazu.',
  mail_answers: 'Der Mailserver antwortet.',
  mail_unwell: '{said}',
  mail_unwell_remedy: 'Prüfen Sie die Einstellungen der Mail.',
  mail_sent: 'Eine Mail an {to} wurde angenommen: {said}',
  mail_refused: 'Eine Mail an {to} wurde nicht angenommen: {said}',
  mail_refused_remedy: 'Prüfen Sie die Einstellungen der Mail.',
  storage_answers: 'Der Speicher antwortet.',
  storage_unwell: '{said}',
  storage_unwell_remedy: 'Prüfen Sie die Einstellungen des Speichers und seinen Platz.',
  storage_works: 'Ein Objekt wurde geschrieben, gelesen und gelöscht.',
  storage_keeps: 'Ein Objekt wurde nicht gelöscht.',
  storage_keeps_remedy: 'Prüfen Sie die Rechte des Schlüssels für den Speicher.',
  payments_off: 'Es werden keine Zahlungen angenommen.',
  payments_off_remedy:
    'Setzen Sie STRIPE_SECRET_KEY und STRIPE_WEBHOOK_SECRET, um Zahlungen anzunehmen.',
  payments_unheard:
    'Zahlungen werden angenommen, aber der Anbieter kann nicht melden, was aus ihnen wird.',
  payments_unheard_remedy:
    'Legen Sie beim Anbieter einen Webhook-Endpunkt an und setzen Sie STRIPE_WEBHOOK_SECRET.',
  payments_set_up: 'Ein Anbieter ist eingerichtet.',
  payments_work: 'Der Anbieter hat sein Guthaben genannt. Währungen: {currencies}',
  key_missing: 'Es gibt keinen Schlüssel, um Zugriffstoken zu signieren.',
  key_missing_remedy: 'Siehe „ashlar keys“; mit KMS prüfen Sie TOKEN_KMS_KEY_ID und seine Rechte.',
  key_there: 'Zugriffstoken werden mit dem Schlüssel {kid} signiert.',
  key_works: 'Ein Dokument wurde signiert und geprüft.',
  key_broken: 'Was signiert wurde, besteht die Prüfung nicht.',
  key_broken_remedy: 'Wechseln Sie den Schlüssel: „ashlar keys“.',
  alerts_unread: 'Warnungen erreichen niemanden; man sieht sie nur in der Konsole.',
  alerts_unread_remedy: 'Setzen Sie ALERT_EMAIL oder ALERT_WEBHOOK_URL.',
  alerts_addressed: 'Adressen, die Warnungen erreichen: {addresses}. Webhooks: {webhooks}.',
  alerts_sent: 'Adressen, für die eine Mail übergeben wurde: {addresses}.',
  test_failed: '{said}',
  test_failed_remedy: 'Prüfen Sie die Einstellungen dieses Teils; im Log steht mehr.',
})

/** For every finding; null where nothing is to be done. */
export const remedyOf = (words: typeof english, finding: Finding): string | null =>
  ({ ...words } as Partial<Record<string, string>>)[`${finding}_remedy`] ?? null
