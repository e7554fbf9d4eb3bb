/**
 * WebAuthn, as far as it is arithmetic: what an authenticator is asked, and whether its answer is right. Nothing here
 * knows the database; whether the question was ours, and is still open, is `passkey-challenges.ts`.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { ReadCtx } from '../../platform/context.ts'
import { productName } from './mail-sending.ts'
import type { Passkey } from './tables.ts'

/** Loaded when first needed: 28 MB, and time of every start, for what most processes never do. */
const library = () => import('@simplewebauthn/server')
const decoders = () => import('@simplewebauthn/server/helpers')

/** EdDSA, ECDSA with P-256 and RSA with SHA-256: what authenticators that people own can do. */
const algorithms = [-8, -7, -257]
/** As long as the challenge lives. */
export const answerMinutes = 5
const timeout = answerMinutes * 60_000
const publicKey = 'public-key' as const

/** What browsers make of an authenticator's answer to a new key, and to a question. */
export type NewKeyAnswer = Omit<RegistrationResponseJSON, 'clientExtensionResults'>
export type KeyAnswer = Omit<AuthenticationResponseJSON, 'clientExtensionResults'>

export type NewKey = Pick<
  Passkey,
  | 'credentialId'
  | 'publicKey'
  | 'counter'
  | 'transports'
  | 'aaguid'
  | 'isBackupEligible'
  | 'isBackedUp'
>

type Asked = { readonly challenge: Buffer; readonly known: readonly Passkey[] }

/** A right answer: the key has signed, and its authenticator has checked who holds it. */
export type Signed = Pick<Passkey, 'counter' | 'isBackedUp'>

/** `known`: the user's keys, so that an authenticator which has one makes no second. */
export function askForNewKey(
  ctx: ReadCtx,
  user: { readonly handle: Buffer; readonly email: string; readonly name: string | null },
  { challenge, known }: Asked,
) {
  return {
    challenge: challenge.toString('base64url'),
    rp: { id: ctx.settings.passkeyRpId, name: productName },
    user: {
      id: user.handle.toString('base64url'),
      name: user.email,
      displayName: user.name ?? user.email,
    },
    pubKeyCredParams: algorithms.map((alg) => ({ alg, type: publicKey })),
    timeout,
    attestation: 'none' as const,
    excludeCredentials: known.map(describe),
    authenticatorSelection: {
      residentKey: 'required' as const,
      requireResidentKey: true,
      userVerification: 'required' as const,
    },
    extensions: { credProps: true },
  }
}

/** `known`: the keys that may answer; none for a sign-in, where the authenticator says whose it is. */
export function askForKey(ctx: ReadCtx, { challenge, known }: Asked) {
  return {
    challenge: challenge.toString('base64url'),
    rpId: ctx.settings.passkeyRpId,
    timeout,
    userVerification: 'required' as const,
    allowCredentials: known.map(describe),
  }
}

/** The challenge that an answer says it is for; null when it says nothing readable. */
export function challengeIn(answer: NewKeyAnswer | KeyAnswer): string | null {
  try {
    const text = Buffer.from(answer.response.clientDataJSON, 'base64url').toString()
    const { challenge, crossOrigin } = JSON.parse(text) as Record<string, unknown>
    // From a frame in somebody else's page: none of ours is shown in one.
    return typeof challenge === 'string' && crossOrigin !== true ? challenge : null
  } catch {
    return null
  }
}

/**
 * Whether nobody vouches for the key, or the key for itself. Statements by makers were not asked for, and must not come
 * any further: reading them means certificates, and asking servers that a certificate names whether it is revoked.
 */
export async function isUnattested({ response }: NewKeyAnswer): Promise<boolean> {
  try {
    const { decodeAttestationObject } = await decoders()
    const object = Buffer.from(response.attestationObject, 'base64url')
    const decoded = decodeAttestationObject(bytesOf(object))
    const format = decoded.get('fmt')
    return format === 'none' || (format === 'packed' && !decoded.get('attStmt').get('x5c'))
  } catch {
    return false
  }
}

/** The key in an unattested answer, if everything about the answer is right; null for every other, however it is broken. */
export async function readNewKey(
  ctx: ReadCtx,
  challenge: string,
  answer: NewKeyAnswer,
): Promise<NewKey | null> {
  try {
    const { verifyRegistrationResponse } = await library()
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...answer, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: originsOf(ctx),
      expectedRPID: ctx.settings.passkeyRpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    if (registrationInfo?.credential.id !== answer.id) return null
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo
    return {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: answer.response.transports ?? [],
      aaguid,
      isBackupEligible: credentialDeviceType === 'multiDevice',
      isBackedUp: credentialBackedUp,
    }
  } catch {
    return null
  }
}

/** What a right answer of this key says; null for every other, however it is broken. */
export async function readSigned(
  ctx: ReadCtx,
  challenge: string,
  answer: KeyAnswer,
  passkey: Passkey,
): Promise<Signed | null> {
  try {
    const { verifyAuthenticationResponse } = await library()
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response: { ...answer, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: originsOf(ctx),
      expectedRPID: ctx.settings.passkeyRpId,
      requireUserVerification: true,
      credential: {
        id: answer.id,
        publicKey: bytesOf(passkey.publicKey),
        // The library looks at the counter before the signature, so that anybody could make it complain. We look
        // at it last, under the lock.
        counter: 0,
      },
    })
    const isBackupEligible = info.credentialDeviceType === 'multiDevice'
    if (!verified || isBackupEligible !== passkey.isBackupEligible) return null
    return { counter: info.newCounter, isBackedUp: info.credentialBackedUp }
  } catch {
    return null
  }
}

/** The pages whose answers count: ours, as far as browsers let them use these passkeys. */
function originsOf({ settings }: ReadCtx): string[] {
  return [settings.frontendUrl, settings.publicUrl].map((url) => new URL(url).origin)
}

const describe = ({ credentialId, transports }: Passkey) => ({
  id: credentialId.toString('base64url'),
  type: publicKey,
  transports,
})

/** A copy of its own: the library reads the whole memory behind a view. */
const bytesOf = (buffer: Buffer) => new Uint8Array(buffer)
