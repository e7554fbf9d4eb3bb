/** The people who have an account at this provider. */

export type Account = {
  /** The subject; a whole number for GitHub. */
  id: string
  email: string | null
  isEmailVerified: boolean
  name: string
}

/** What the provider says of somebody. Cognito's userinfo endpoint says yes and no in words. */
export function claimsOf(account: Account, saysInWords = false): Record<string, unknown> {
  const { isEmailVerified } = account
  return {
    sub: account.id,
    name: account.name,
    ...(account.email === null
      ? {}
      : {
          email: account.email,
          email_verified: saysInWords ? String(isEmailVerified) : isEmailVerified,
        }),
  }
}
