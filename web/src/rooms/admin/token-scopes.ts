/** What a token can be made for: the compiler says so when the API knows of more, or of less. */
import type { AdminCreateServiceTokenData } from '@ashlar/sdk/types'

export type Scope = AdminCreateServiceTokenData['body']['scopes'][number]

const known = {
  'users.read_any': true,
  'users.manage_teams': true,
  'access.read_roles': true,
  'access.manage_roles': true,
  'invitations.manage': true,
  'monitoring.read': true,
  'monitoring.acknowledge': true,
  'monitoring.configure': true,
  'audit.read': true,
  'audit.export': true,
  'audit.trace': true,
  'admin.read_health': true,
  'admin.read_users': true,
  'admin.suspend_users': true,
  'admin.sign_out_users': true,
  'admin.revoke_keys': true,
  'admin.reset_factors': true,
  'inbox.read': true,
  'inbox.replay': true,
  'jobs.read': true,
  'jobs.manage': true,
  'ledger.read': true,
  'ledger.check': true,
  'payments.read_any': true,
  'refunds.create': true,
  'refunds.read': true,
  'disputes.read': true,
  'disputes.answer': true,
  'reconciliation.read': true,
  'reconciliation.run': true,
  'reconciliation.accept': true,
} satisfies Readonly<Record<Scope, true>>

export const isScope = (name: string): name is Scope => Object.hasOwn(known, name)
export const scopes = Object.keys(known).filter(isScope)
