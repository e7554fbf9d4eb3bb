/** Every job that somebody can cause: what becomes of it when they lose their rights. A new one does not slip through. */
import { expect, test } from 'vitest'
import { inboxJobs } from '../features/inbox/index.ts'
import { reconciliationJobs } from '../features/reconciliation/index.ts'
import type { AnyJobType } from '../platform/jobs/define.ts'
import { appliers, reconciliationParts, roomJobs } from './rooms.ts'

/**
 * `asked`: stands on a right of whoever wanted it, and asks for it while it runs. `owner`: is about the account of whoever
 * wanted it, and does nothing for one that may not act. `told`: tells of what has happened; that does not change.
 * `truth`: learns what is so elsewhere, and would learn it anyway. `settled`: was promised, and is kept.
 */
type Treatment = 'asked' | 'owner' | 'told' | 'truth' | 'settled'

const treatments: Readonly<Record<string, Treatment>> = {
  'reconciliation.run': 'asked',
  'invitations.send_invitation': 'asked',
  'privacy.make_export': 'owner',
  'privacy.send_export_ready': 'owner',
  'auth.send_verification': 'owner',
  'auth.resend_verification': 'owner',
  'auth.send_password_reset': 'owner',
  'auth.send_sign_in_link': 'owner',
  'auth.ask_old_address': 'owner',
  'auth.ask_new_address': 'owner',
  'auth.send_already_registered': 'owner',
  'auth.send_new_device': 'owner',
  'auth.send_sign_in_paused': 'owner',
  'auth.send_password_changed': 'told',
  'auth.send_email_changed': 'told',
  'auth.send_passkey_notice': 'told',
  'oidc.send_identity_added': 'told',
  'twofa.send_notice': 'told',
  'admin.send_factors_reset': 'told',
  'impersonation.send_notice': 'told',
  'monitoring.mail_alert': 'told',
  'monitoring.post_alert': 'told',
  'disputes.remind_of_evidence': 'told',
  'privacy.send_erasure_notice': 'told',
  'privacy.send_restored': 'told',
  'inbox.sync_object': 'truth',
  // The law gives it to whoever wanted it once, suspended or not.
  'privacy.erase_person': 'settled',
}

test('every job that the clock does not start says what it owes to the rights of whoever caused it', () => {
  const all: readonly AnyJobType[] = [
    ...roomJobs,
    ...inboxJobs(appliers),
    ...reconciliationJobs(reconciliationParts),
  ]
  const caused = all.filter(({ cron }) => cron === null).map(({ name }) => name)
  expect(caused.toSorted()).toEqual(Object.keys(treatments).toSorted())
})
