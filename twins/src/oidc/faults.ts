/** How the twin misbehaves when it is told to; every switch is off at first, and read at each request. */

export type Trouble = 'none' | 'error' | 'slow'

export type Faults = {
  discovery: Trouble
  jwks: Trouble
  token: Trouble
  userinfo: Trouble
  /** What the discovery document says instead of the issuer. */
  issuer: string | null
  /** Claims that replace those of the next ID tokens; `undefined` takes one away. */
  idTokenClaims: Record<string, unknown> | null
  /** ID tokens are signed with a key that is not in the key set, under the name of one that is. */
  isForged: boolean
}

export function noFaults(): Faults {
  return {
    discovery: 'none',
    jwks: 'none',
    token: 'none',
    userinfo: 'none',
    issuer: null,
    idTokenClaims: null,
    isForged: false,
  }
}

/** Longer than any client waits. */
export const slowMs = 8_000
