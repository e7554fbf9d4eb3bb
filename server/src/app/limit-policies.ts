/** Every rate limit, by name: what a route's `limits` refer to. */
import { maxKeyRequestsPerMinute } from '../features/auth/index.ts'
import type { Config } from '../platform/config/index.ts'
import { type LimitPolicy, maxExactLimit } from '../platform/limits/index.ts'

/** How many people's attempts one address may make before it looks like an attack. */
const peoplePerAddress = 3
const doors = [
  'auth_register',
  'auth_verify',
  'auth_login',
  'auth_passkey',
  'auth_second_factor',
  'auth_refresh',
  'auth_forgot',
  'auth_resend',
  'auth_magic_link',
  'auth_reset',
  'auth_email_change',
  'privacy_restore',
  'admin_setup',
  'invitations_lookup',
  'invitations_accept',
  'oidc_start',
  'oidc_callback',
  'oidc_exchange',
] as const
/** Who has a stolen session guesses the password with all the time there is: no more than this often. */
const passwordWindowSeconds = 15 * 60
const mailWindowSeconds = 60 * 60

/** Wrong credentials from one address, as a part of what the general limit allows it. */
const wrongCredentialShare = 0.25
const maxWrongCredentials = 250
/** Who invites a department is not an attacker: a hundred in an hour, by default. */
const invitationsPerAttempt = 10
const invitationsWindowSeconds = 60 * 60

/** What is a multiple of a setting is no more than can be counted hit by hit. */
const atMost = (limit: number) => Math.min(limit, maxExactLimit)

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
    // By address: credentials that have to be looked up and are nobody's. Cheaper than what it saves.
    {
      name: 'unknown_credentials',
      limit: Math.min(
        Math.ceil(settings.rateLimitRequests * wrongCredentialShare),
        maxWrongCredentials,
      ),
      windowSeconds: settings.rateLimitWindowSeconds,
      kind: 'local',
    },
    // By address: ten questions a second. Readiness is asked while the database is gone.
    { name: 'health', limit: 100, windowSeconds: 10, kind: 'local' },
    // By address, each door for itself. An office or a school shares one address, so it gets several people's worth.
    ...doors.map((door) => ({
      name: `${door}_client`,
      limit: atMost(limit * peoplePerAddress),
      windowSeconds,
      kind: 'exact' as const,
    })),
    // By account: one's password from one address. See also lock-out in auth.
    { name: 'auth_login_account', limit, windowSeconds, kind: 'exact' },
    // By address of mail: mails to it, and guesses at their code, from everywhere. Whoever asks for mails signs nobody in.
    { name: 'auth_mail_account', limit, windowSeconds, kind: 'exact' },
    // By user: guessing the current password from within.
    {
      name: 'auth_password_user',
      limit,
      windowSeconds: Math.max(windowSeconds, passwordWindowSeconds),
      kind: 'exact',
    },
    // By invitation: its token cannot be guessed, but whoever has it could have passwords hashed all day.
    { name: 'invitations_accept', limit, windowSeconds, kind: 'exact' },
    // By address: all of administration.
    { name: 'admin_client', limit: 120, windowSeconds: 60, kind: 'exact' },
    // By token of a program, where it was given a limit of its own; this is the most that can be given.
    {
      name: 'admin_service_token',
      limit: maxKeyRequestsPerMinute,
      windowSeconds: 60,
      kind: 'exact',
    },
    // By user: tries whether mail goes out and other parts work, which others notice.
    { name: 'operations_test_user', limit: 20, windowSeconds: 10 * 60, kind: 'exact' },
    // By address: tokens that begin an impersonation, right or wrong.
    { name: 'impersonation_exchange', limit: 20, windowSeconds: 5 * 60, kind: 'exact' },
    // By user: mails that go out in our name. What one address gets is counted in the room.
    {
      name: 'invitations_user',
      limit: atMost(limit * invitationsPerAttempt),
      windowSeconds: Math.max(windowSeconds, invitationsWindowSeconds),
      kind: 'exact',
    },
    // By API key, where its owner has given it a limit of its own; this is the most that can be given.
    { name: 'auth_api_key', limit: maxKeyRequestsPerMinute, windowSeconds: 60, kind: 'exact' },
    // By user: questions to their passkeys, of which each is a row until it is answered.
    { name: 'auth_passkey_user', limit, windowSeconds, kind: 'exact' },
    // By user: each request mails two addresses, one of them anybody's.
    { name: 'auth_email_change_user', limit: 5, windowSeconds: mailWindowSeconds, kind: 'exact' },
    // By user: guessing the password, or a code, with somebody's session.
    { name: 'twofa_user', limit, windowSeconds, kind: 'exact' },
  ]
}
