/** Every rate limit, by name: what a route's `limits` refer to. */
import type { Config } from '../platform/config/index.ts'
import type { LimitPolicy } from '../platform/limits/index.ts'

/** The general limit counts in each process and is shared in batches; the others are exact, hit by hit. */
export function limitPolicies(settings: Config): readonly LimitPolicy[] {
  const auth = {
    limit: settings.authRateLimitRequests,
    windowSeconds: settings.authRateLimitWindowSeconds,
  }
  return [
    {
      name: 'default',
      limit: settings.rateLimitRequests,
      windowSeconds: settings.rateLimitWindowSeconds,
      kind: 'batched',
    },
    // By address: sign-up, sign-in, verification, refresh, the installer.
    { name: 'auth', ...auth, kind: 'exact' },
    // By account, whatever the address: guessing one password from many places.
    { name: 'auth_account', ...auth, kind: 'exact' },
  ]
}
