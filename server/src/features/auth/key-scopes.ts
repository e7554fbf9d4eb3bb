/** What an API key can be made for: a permission that nobody declares, or that no route takes from a key, is found out too late. */
import { type DeclaredRoute, isAdministration } from '../../platform/http/index.ts'

/** Every permission there is, and every route that asks for one. */
export type KeyScopes = {
  readonly permissions: ReadonlySet<string>
  readonly routes: readonly DeclaredRoute[]
}

/**
 * Why a key can do nothing with a permission that there is; null where it can. One for which no route asks by name says
 * how far others reach.
 */
export function whyNotForKeys(
  { routes }: KeyScopes,
  scope: string,
  hasAuthenticator: boolean,
): string | null {
  const asking = routes.filter(({ permission }) => permission === scope)
  if (asking.length === 0) return null
  const open = asking.filter(({ stepUp }) => !stepUp)
  if (open.length === 0)
    return 'asks on every route for a factor shown lately, and a key has none to show'
  if (hasAuthenticator && open.every(({ path }) => isAdministration({ url: path })))
    return 'administers, and a key of somebody with an authenticator does not get in there: use a service token'
  return null
}
