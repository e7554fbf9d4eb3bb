/** Where a browser may be sent when it comes back: our own origins and nowhere else, on success and on error alike. */
import { ownAddress } from '../../platform/http/own-addresses.ts'
import { errors } from './errors.ts'

export type RedirectSettings = {
  /** Where it leads when nothing is asked for. */
  readonly frontendUrl: string
  readonly allowedOrigins: ReadonlySet<string>
}

/** The address asked for, or the default; throws `oidc.redirect_not_allowed` (422). */
export function redirectTarget(
  given: string | undefined,
  { frontendUrl, allowedOrigins }: RedirectSettings,
): string {
  if (given === undefined) return frontendUrl
  const address = ownAddress(given, { home: frontendUrl, origins: allowedOrigins })
  if (address === null) throw errors.redirect_not_allowed()
  return address
}
