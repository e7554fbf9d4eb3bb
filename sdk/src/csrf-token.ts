/** The CSRF token of a browser: asked for when it is first needed, and again when the server wants another. */
import { type Client, asNobody } from './client.ts'
import { csrfToken } from './generated/auth.ts'

const header = 'x-csrf-token'

export type CsrfToken = {
  headers(client: Client): Promise<Record<string, string>>
  /** The server has refused the token that these headers carried. */
  refuse(headers: Readonly<Record<string, string>>): Promise<void>
  learn(token: string): void
}

export const isCsrfRefusal = ({ code }: { readonly code: string }): boolean =>
  code === 'http.csrf_token_invalid'

export function openCsrfToken(): CsrfToken {
  let token: Promise<string> | null = null

  /** All requests that wait for a token wait for the same one; a failure is forgotten, so that the next one asks again. */
  function current(client: Client): Promise<string> {
    if (token !== null) return token
    const asked = csrfToken(asNobody(client, 'include')).then((answer) => answer.csrfToken)
    token = asked
    asked.catch(() => {
      if (token === asked) token = null
    })
    return asked
  }

  return {
    headers: async (client) => ({ [header]: await current(client) }),
    refuse: async (headers) => {
      const refused = token
      // Another request may have got a new one meanwhile.
      if ((await refused?.catch(() => null)) === headers[header] && token === refused) token = null
    },
    learn: (next) => {
      token = Promise.resolve(next)
    },
  }
}
