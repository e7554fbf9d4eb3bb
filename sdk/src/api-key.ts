/** Programs: a key of a user, a token of a program, or an access token from elsewhere. */
import type { Credential } from './client.ts'

/** A function is asked before each request: for keys that are rotated. */
export const apiKey = (key: string | (() => string | Promise<string>)): Credential => ({
  prove: async () => ({
    cookies: 'omit',
    headers: { authorization: `Bearer ${typeof key === 'string' ? key : await key()}` },
  }),
})
