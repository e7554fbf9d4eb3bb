/**
 * What goes to an authenticator and what comes back, as browsers write it in JSON (WebAuthn 3, 5.1.8 to 5.1.10): a page
 * hands one to `PublicKeyCredential.parse…FromJSON` and sends the other's `toJSON()`.
 */
import { Type } from 'typebox'
import { choice } from '../../platform/http/schemas.ts'

/** Bytes in base64url, bounded: no authenticator says more than this, and what is longer is not decoded. */
const bytes = (maxLength: number, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[A-Za-z0-9_-]+$',
    ...(description ? { description } : {}),
  })
/** At most 1023 bytes (WebAuthn 3, 4). */
const CredentialId = bytes(1364)
const ClientData = bytes(4096)
const transport = Type.String({ maxLength: 32 })

const Known = Type.Object({
  id: Type.String(),
  type: choice(['public-key']),
  transports: Type.Array(Type.String()),
})

export const NewKeyQuestion = Type.Object({
  challenge: Type.String(),
  rp: Type.Object({ id: Type.String(), name: Type.String() }),
  user: Type.Object({
    id: Type.String({ description: 'Random, and the same for all passkeys of a user.' }),
    name: Type.String(),
    displayName: Type.String(),
  }),
  pubKeyCredParams: Type.Array(Type.Object({ alg: Type.Integer(), type: choice(['public-key']) })),
  timeout: Type.Integer({ description: 'Milliseconds.' }),
  attestation: choice(['none']),
  excludeCredentials: Type.Array(Known),
  authenticatorSelection: Type.Object({
    residentKey: choice(['required']),
    requireResidentKey: Type.Boolean(),
    userVerification: choice(['required']),
  }),
  extensions: Type.Object({ credProps: Type.Boolean() }),
})

export const Question = Type.Object({
  challenge: Type.String(),
  rpId: Type.String(),
  timeout: Type.Integer({ description: 'Milliseconds.' }),
  userVerification: choice(['required']),
  allowCredentials: Type.Array(Known, {
    description:
      'The passkeys that may answer; none at a sign-in, where the authenticator offers its own.',
  }),
})

const answer = {
  id: CredentialId,
  rawId: CredentialId,
  type: choice(['public-key']),
  authenticatorAttachment: Type.Optional(choice(['platform', 'cross-platform'])),
}

export const NewKeyAnswer = Type.Object({
  ...answer,
  response: Type.Object({
    clientDataJSON: ClientData,
    attestationObject: bytes(8192),
    transports: Type.Optional(Type.Array(transport, { maxItems: 10 })),
  }),
})

export const KeyAnswer = Type.Object({
  ...answer,
  response: Type.Object({
    clientDataJSON: ClientData,
    authenticatorData: bytes(4096),
    signature: bytes(1024),
    userHandle: Type.Optional(bytes(86)),
  }),
})
