/** Passkeys in the browser (WebAuthn, level 3): between the operation that asks and the one that takes the answer. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'

export const knowsPasskeys = 'PublicKeyCredential' in globalThis

/** Whether the person closed the browser's own dialog, or let it wait too long: nothing has failed then. */
export const isPasskeyDeclined = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)

const library = () => import('@simplewebauthn/browser')

export async function showPasskey(asked: { readonly challenge: string }) {
  const { startAuthentication } = await library()
  return startAuthentication({ optionsJSON: asked })
}

// The API describes transports as text: authenticators learn new ones faster than type libraries.
export async function makePasskey(asked: { readonly challenge: string }) {
  const { startRegistration } = await library()
  return startRegistration({ optionsJSON: asked as PublicKeyCredentialCreationOptionsJSON })
}
