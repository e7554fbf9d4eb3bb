/**
 * Acting in somebody's account: the window in which it begins shows a token instead of the browser's cookie, until that
 * ends. The administrator's own session, and their other windows, stay what they are.
 */
import { type Credential, apiKey, cookieSession } from '@ashlar/sdk'

/** Of this window alone, and gone with it. It ends within the hour, and nothing renews it. */
const storageName = 'ashlar.acting'

/** The page has to be loaded anew: what it has read was for somebody else. */
export const beginActing = (accessToken: string): void =>
  sessionStorage.setItem(storageName, accessToken)

/** Back to the cookie; false where it was the cookie already. */
export function stopActing(): boolean {
  const wasActing = sessionStorage.getItem(storageName) !== null
  sessionStorage.removeItem(storageName)
  return wasActing
}

export function ownOrActing(): Credential {
  const own = cookieSession()
  const current = (): Credential => {
    const token = sessionStorage.getItem(storageName)
    return token === null ? own : apiKey(token)
  }
  return {
    prove: (client, definition) => current().prove(client, definition),
    renew: async (client, problem, proof) =>
      (await current().renew?.(client, problem, proof)) ?? false,
    learn: async (definition, data) => current().learn?.(definition, data),
  }
}
