/** Which facts are security events, of which type, and whom they are about. Names are those of the rooms that state them. */
import type { FollowedFact } from '../../platform/events/follow.ts'
import { networkOf } from '../../platform/limits/index.ts'
import type { SecurityEventType } from './thresholds.ts'

/** So many events of one type, from one place, about one subject. Empty texts: unknown, or nobody. */
export type SecurityEvent = {
  readonly type: SecurityEventType
  readonly ip: string
  readonly subjectId: string
  readonly count: number
  readonly at: Date
  readonly eventId: string
}

type Data = Readonly<Record<string, unknown>>
type Rule = SecurityEventType | ((data: Data) => readonly SecurityEventType[])

/** What limits that guard a door would have been, had they let it through: a guesser is no less one for being stopped. */
export const guarded: ReadonlyMap<unknown, SecurityEventType> = new Map([
  ['auth_login_client', 'failed_sign_in'],
  ['auth_login_account', 'failed_sign_in'],
  ['auth_passkey_client', 'failed_sign_in'],
  ['auth_password_user', 'failed_sign_in'],
  ['auth_second_factor_client', 'failed_second_factor'],
] as const)

/** A 401 is what a guesser gets, and everybody whose session has expired: it is counted apart. */
const refusedRequest = ({ code, status, policy }: Data): readonly SecurityEventType[] => {
  if (code === 'http.csrf_token_invalid' || code === 'http.origin_not_allowed')
    return ['refused_csrf']
  if (status === 429) {
    const attempt = guarded.get(policy)
    return attempt === undefined ? ['rate_limited'] : [attempt, 'rate_limited']
  }
  return [status === 401 ? 'unauthenticated' : 'refused_access']
}

export const rules: Readonly<Record<string, Rule>> = {
  'auth.sign_in_failed': ({ reason }) =>
    reason === 'locked' ? ['failed_sign_in', 'lock_out'] : ['failed_sign_in'],
  'auth.password_refused': 'failed_sign_in',
  'auth.password_change_refused': 'failed_sign_in',
  'auth.passkey_refused': 'failed_sign_in',
  'oidc.sign_in_refused': 'failed_sign_in',
  'oidc.token_refused': 'failed_sign_in',
  'twofa.code_refused': ({ reason }) =>
    reason === 'blocked' ? ['failed_second_factor', 'lock_out'] : ['failed_second_factor'],
  'auth.sign_in_link_refused': 'failed_proof',
  'auth.password_reset_refused': 'failed_proof',
  'auth.email_change_refused': 'failed_proof',
  'privacy.restore_refused': 'failed_proof',
  'invitations.acceptance_refused': 'failed_proof',
  'invitations.role_refused': 'refused_access',
  'auth.refresh_token_reused': 'reused_refresh_token',
  'auth.passkey_counter_regressed': 'cloned_passkey',
  'audit.chain_broken': 'broken_chain',
  'admin.intervention_refused': 'refused_access',
  'admin.scope_refused': 'refused_access',
  'impersonation.refused': 'refused_access',
  'impersonation.begun': 'impersonation',
  'ledger.invariant_broken': 'broken_ledger',
  'refunds.failed': ({ before, origin }) =>
    before === 'succeeded' || origin === 'surplus' ? ['troubled_refund'] : [],
  'refunds.needs_review': 'troubled_refund',
  'disputes.opened': 'dispute',
  'disputes.changed': ({ after }) => (after === 'needs_response' ? ['dispute'] : []),
  'disputes.evidence_due': 'dispute',
  'payments.paid_twice': 'paid_twice',
  'reconciliation.drift_found': ({ severity }) => (severity === 'critical' ? ['money_drift'] : []),
  'http.request_refused': refusedRequest,
  'http.requests_refused': refusedRequest,
}
/** The events that a fact is; none for most. */
export function securityEventsOf(fact: FollowedFact): readonly SecurityEvent[] {
  const data = fact.data as Data
  const times = data['count']
  return typesOf(fact.name, data).map((type) => ({
    type,
    ip: fact.ip === null ? '' : networkOf(fact.ip),
    subjectId: (type === 'impersonation' ? null : fact.subjectId) ?? fact.actorId ?? '',
    count: typeof times === 'number' ? times : 1,
    at: fact.at,
    eventId: fact.id,
  }))
}

function typesOf(name: string, data: Data): readonly SecurityEventType[] {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  if (rule === undefined) return []
  return typeof rule === 'string' ? [rule] : rule(data)
}
