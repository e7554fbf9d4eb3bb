/** Every rate limit, by name: what a route's `limits` refer to. */
import type { Config } from '../platform/config/index.ts'
import type { LimitPolicy } from '../platform/limits/index.ts'

/** How many people's attempts one address may make before it looks like an attack. */
const peoplePerAddress = 3
const doors = [
  'auth_register',
  'auth_verify',
  'auth_login',
  'auth_second_factor',
  'auth_refresh',
  'auth_forgot',
  'auth_resend',
  'auth_reset',
  'auth_email_change',
  'privacy_restore',
  'admin_setup',
] as const
/** Who has a stolen session guesses the password with all the time there is: no more than this often. */
const passwordWindowSeconds = 15 * 60
const mailWindowSeconds = 60 * 60

/** The general limit counts in each process and is shared in batches; the others are exact, hit by hit. */
export function limitPolicies(settings: Config): readonly LimitPolicy[] {
  const windowSeconds = settings.authRateLimitWindowSeconds
  const limit = settings.authRateLimitRequests
  return [
    {
      name: 'default',
      limit: settings.rateLimitRequests,
      windowSeconds: settings.rateLimitWindowSeconds,
      kind: 'batched',
    },
    // By address, each door for itself. An office or a school shares one address, so it gets several people's worth.
    ...doors.map((door) => ({
      name: `${door}_client`,
      limit: limit * peoplePerAddress,
      windowSeconds,
      kind: 'exact' as const,
    })),
    // By account, whatever the address: guessing one password from many places.
    { name: 'auth_login_account', limit, windowSeconds, kind: 'exact' },
    // By user: guessing the current password from within.
    {
      name: 'auth_password_user',
      limit,
      windowSeconds: Math.max(windowSeconds, passwordWindowSeconds),
      kind: 'exact',
    },
    // By user: each request mails two addresses, one of them anybody's.
    { name: 'auth_email_change_user', limit: 5, windowSeconds: mailWindowSeconds, kind: 'exact' },
    // By user: guessing the password, or a code, with somebody's session.
    { name: 'twofa_user', limit, windowSeconds, kind: 'exact' },
  ]
}
