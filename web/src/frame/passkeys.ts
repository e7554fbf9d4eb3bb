/**
 * Passkeys in the browser (WebAuthn, level 3): between the operation that asks and the one that takes the answer. What
 * speaks to the authenticator is loaded when it is first wanted.
 */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'

export const knowsPasskeys = 'PublicKeyCredential' in globalThis

/** No passkey answered: mostly because the person closed the browser's own dialog. Nothing has failed then. */
export class PasskeyDeclined extends Error {
  override readonly name = 'PasskeyDeclined'
}

const ceremonies = () => import('@simplewebauthn/browser')

export async function showPasskey(asked: { readonly challenge: string }) {
  const { startAuthentication } = await ceremonies()
  return startAuthentication({ optionsJSON: asked }).catch(decline)
}

export async function makePasskey(asked: { readonly challenge: string }) {
  const { startRegistration } = await ceremonies()
  // The API describes transports as text: authenticators learn new ones faster than type libraries.
  const optionsJSON = asked as PublicKeyCredentialCreationOptionsJSON
  return startRegistration({ optionsJSON }).catch(decline)
}

function decline(cause: unknown): never {
  throw new PasskeyDeclined('no passkey answered', { cause })
}
