/** AWS KMS as the keeper of signing keys. The credentials need kms:GetPublicKey and kms:Sign. */
import { type KeyObject, createPublicKey } from 'node:crypto'
import { createBreaker } from '../breaker.ts'
import { tokenErrors } from './errors.ts'

export type KmsOptions = {
  readonly region: string
  /** Unset, KMS itself. */
  readonly endpoint?: string
  /** Unset, the credentials of the machine's own role, as the AWS SDK finds them. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  /** To reach the service: 1 s by default. */
  readonly connectTimeoutMs?: number
  /** For one attempt: 2 s by default. */
  readonly requestTimeoutMs?: number
  /** In all, with a short random pause between: 2 by default. */
  readonly attempts?: number
  /** For a signature, attempts and pauses together: 3 s by default. Somebody waits with their sign-in. */
  readonly signTimeoutMs?: number
}

export type KmsKey = { readonly arn: string; readonly publicKey: KeyObject }

export type Kms = {
  /** The key behind an id, ARN or alias. Throws `KmsUnusable`, or `tokens.unavailable` (503) when KMS is away. */
  find(keyId: string): Promise<KmsKey>
  /** An RS256 signature over a SHA-256 digest. Throws `tokens.unavailable` (503), whatever the reason. */
  sign(arn: string, digest: Buffer): Promise<Buffer>
  close(): void
}

/** Why a process cannot start with KMS, in words for whoever set it up: mostly a setting or a policy is wrong. */
export class KmsUnusable extends Error {
  override readonly name = 'KmsUnusable'
}

const signingAlgorithm = 'RSASSA_PKCS1_V1_5_SHA_256'
const leastModulusBits = 2048
/** Failures in a row after which KMS is left alone: the sign-ins after them are refused at once, and wait for nothing. */
const failuresToOpen = 3
/** For so long; then one sign-in tries it. What callers are told to wait is no shorter. */
const retryAfterSeconds = 5
/** Errors that KMS blames on the caller and that pass by themselves. */
const passing = new Set([
  'ThrottlingException',
  'LimitExceededException',
  'KeyUnavailableException',
])

/** The SDK is only loaded where KMS is configured. Nothing is sent before the first call. */
export async function openKms(options: KmsOptions): Promise<Kms> {
  const { GetPublicKeyCommand, KMSClient, KMSServiceException, SignCommand } =
    await import('@aws-sdk/client-kms')
  const client = new KMSClient(configOf(options))
  /** It answers, if only to say no: nobody waits for that, and it is no outage. */
  const isAnswer = (error: unknown): error is Error =>
    error instanceof KMSServiceException && error.$fault === 'client'
  const isRefusal = (error: unknown): error is Error => isAnswer(error) && !passing.has(error.name)
  const breaker = createBreaker({
    name: 'KMS',
    timeoutMs: options.signTimeoutMs ?? 3_000,
    failuresToOpen,
    openMs: retryAfterSeconds * 1000,
    toError: (message, cause) => unavailable(new Error(message, { cause })),
  })

  return {
    async find(keyId) {
      try {
        const { KeyId, PublicKey, KeyUsage, SigningAlgorithms } = await client.send(
          new GetPublicKeyCommand({ KeyId: keyId }),
        )
        if (KeyId === undefined || PublicKey === undefined)
          throw new KmsUnusable(`KMS does not show the public part of ${keyId}`)
        const publicKey = createPublicKey({
          key: Buffer.from(PublicKey),
          format: 'der',
          type: 'spki',
        })
        const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
        const isFit = KeyUsage === 'SIGN_VERIFY' && SigningAlgorithms?.includes(signingAlgorithm)
        if (!isFit || bits < leastModulusBits)
          throw new KmsUnusable(
            `the KMS key ${keyId} is no RSA key of at least ${leastModulusBits} bits that signs`,
          )
        return { arn: KeyId, publicKey }
      } catch (error) {
        if (error instanceof KmsUnusable) throw error
        if (isRefusal(error))
          throw new KmsUnusable(
            `KMS refuses the key ${keyId} of TOKEN_KMS_KEY_ID: ${error.name}: ${error.message}`,
            { cause: error },
          )
        throw unavailable(error)
      }
    },
    async sign(arn, digest) {
      const command = new SignCommand({
        KeyId: arn,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: signingAlgorithm,
      })
      const answer = await breaker.run(async (abortSignal) => {
        try {
          return await client.send(command, { abortSignal })
        } catch (error) {
          if (isAnswer(error)) return error
          throw error
        }
      })
      if (answer instanceof Error) throw unavailable(answer)
      if (answer.Signature === undefined)
        throw unavailable(new Error('KMS answered without a signature'))
      return Buffer.from(answer.Signature)
    },
    close: () => client.destroy(),
  }
}

const unavailable = (cause: unknown) => tokenErrors.unavailable({ retryAfterSeconds }, { cause })

function configOf(options: KmsOptions) {
  const { region, endpoint, accessKeyId, secretAccessKey, attempts = 2 } = options
  const hasKeys = accessKeyId !== undefined && secretAccessKey !== undefined
  return {
    region,
    maxAttempts: attempts,
    ...(endpoint !== undefined && { endpoint }),
    ...(hasKeys && { credentials: { accessKeyId, secretAccessKey } }),
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 1_000,
      requestTimeout: options.requestTimeoutMs ?? 2_000,
      throwOnRequestTimeout: true,
    },
  }
}
