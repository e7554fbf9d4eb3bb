/** Passkeys in the browser (WebAuthn, level 3): between the operation that asks and the one that takes the answer. */
import {
  type PublicKeyCredentialCreationOptionsJSON,
  WebAuthnError,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'

export const knowsPasskeys = 'PublicKeyCredential' in globalThis

/** Whether the person closed the browser's own dialog: nothing has failed then. */
export const isPasskeyDeclined = (error: unknown): boolean =>
  error instanceof WebAuthnError || (error instanceof Error && error.name === 'NotAllowedError')

// The API describes transports as text: authenticators learn new ones faster than type libraries.
export const showPasskey = (asked: { readonly challenge: string }) =>
  startAuthentication({ optionsJSON: asked })

export const makePasskey = (asked: { readonly challenge: string }) =>
  startRegistration({ optionsJSON: asked as PublicKeyCredentialCreationOptionsJSON })
