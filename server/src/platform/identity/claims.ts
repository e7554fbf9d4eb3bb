/** What a provider says about somebody, made ours: nothing in it is trusted to have a shape. */
import type { Identity } from './index.ts'
import type { ProviderConfig } from './providers.ts'

export type Claims = {
  readonly email?: unknown
  readonly email_verified?: unknown
  readonly name?: unknown
}

const maxEmailLength = 320
const maxNameLength = 100

export function identityOf(
  { issuer, emailDomains }: Pick<ProviderConfig, 'issuer' | 'emailDomains'>,
  subject: string,
  claims: Claims,
): Identity {
  const email = textOf(claims.email, maxEmailLength)
  // Cognito's userinfo endpoint says it in a text.
  const isSaidVerified = claims.email_verified === true || claims.email_verified === 'true'
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase() ?? ''
  const isTheirs = emailDomains === null || emailDomains.includes(domain)
  return {
    issuer,
    subject,
    email,
    isEmailVerified: email !== null && isSaidVerified && isTheirs,
    name: textOf(claims.name, Infinity)?.slice(0, maxNameLength) ?? null,
  }
}

/** PostgreSQL cannot hold U+0000, and nobody's name has control characters. */
function textOf(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string' || value.length > maxLength) return null
  const text = value
    .replaceAll(/\p{Cc}/gu, '')
    .toWellFormed()
    .trim()
  return text === '' ? null : text
}
