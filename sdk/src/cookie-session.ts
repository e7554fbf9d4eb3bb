/** Browsers: the session is a cookie that no script can read; what changes something carries a CSRF token as well. */
import type { Credential } from './client.ts'
import { isCsrfRefusal, openCsrfToken } from './csrf-token.ts'

/**
 * The page's origin must be one that the server knows (`PUBLIC_URL`, `FRONTEND_URL` or `CORS_ORIGINS`). The CSRF token is
 * fetched before it is first needed, taken from answers that bring a new one, and renewed when the server wants another:
 * after a sign-out, or when another tab has signed in.
 */
export function cookieSession(): Credential {
  const csrf = openCsrfToken()
  return {
    prove: async (client, { method }) => ({
      cookies: 'include',
      headers: method === 'GET' ? {} : await csrf.headers(client),
    }),
    renew: async (_client, problem, { headers }) => {
      if (!isCsrfRefusal(problem)) return false
      await csrf.refuse(headers)
      return true
    },
    learn: async (_definition, data) => {
      if (data !== null && typeof data === 'object' && 'csrfToken' in data)
        csrf.learn(String(data.csrfToken))
    },
  }
}
