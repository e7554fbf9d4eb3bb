/** What the twin can do: Sign, GetPublicKey and DescribeKey, as KMS answers them. Anything else is an error. */
import { constants, createHash, privateEncrypt } from 'node:crypto'
import { KmsError, validation } from './errors.ts'
import { type Keys, type TwinKey, requireEnabled } from './keys.ts'

type Input = Readonly<Record<string, unknown>>
type Operation = (keys: Keys, input: Input) => object

const signingAlgorithms = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
]
const encryptionAlgorithms = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const maximumMessageBytes = 4096
/** The DER that stands before a digest in a PKCS #1 v1.5 signature (RFC 8017, section 9.2). */
const digestPrefixes: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
}

const operations: Readonly<Record<string, Operation>> = {
  Sign(keys, input) {
    const key = keys.find(input['KeyId'])
    const algorithm = readAlgorithm(input['SigningAlgorithm'])
    const type = input['MessageType'] ?? 'RAW'
    if (type !== 'RAW' && type !== 'DIGEST') throw outsideOf('messageType', ['RAW', 'DIGEST'])
    const message = readMessage(input['Message'])
    requireEnabled(key)
    if (key.usage !== 'SIGN_VERIFY') throw wrongUsage(key, 'Sign')
    return {
      KeyId: key.arn,
      Signature: signWith(key, algorithm, type, message).toString('base64'),
      SigningAlgorithm: algorithm,
    }
  },
  GetPublicKey(keys, input) {
    const key = keys.find(input['KeyId'])
    requireEnabled(key)
    const der = key.publicKey.export({ format: 'der', type: 'spki' })
    return {
      KeyId: key.arn,
      PublicKey: der.toString('base64'),
      CustomerMasterKeySpec: `RSA_${key.bits}`,
      KeySpec: `RSA_${key.bits}`,
      KeyUsage: key.usage,
      ...algorithmsOf(key),
    }
  },
  DescribeKey(keys, input) {
    const key = keys.find(input['KeyId'])
    return {
      KeyMetadata: {
        AWSAccountId: key.arn.split(':')[4],
        KeyId: key.id,
        Arn: key.arn,
        CreationDate: key.createdAt.getTime() / 1000,
        Enabled: key.state === 'Enabled',
        Description: '',
        KeyUsage: key.usage,
        KeyState: key.state,
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        CustomerMasterKeySpec: `RSA_${key.bits}`,
        KeySpec: `RSA_${key.bits}`,
        MultiRegion: false,
        ...algorithmsOf(key),
      },
    }
  },
}

export function perform(target: string | undefined, keys: Keys, body: Buffer): object {
  const name = /^TrentService\.(\w+)$/.exec(target ?? '')?.[1] ?? ''
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (!operation)
    throw new KmsError('UnknownOperationException', 400, `Unknown operation ${target ?? ''}`)
  return operation(keys, readInput(body))
}

function readInput(body: Buffer): Input {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return { ...parsed }
  } catch {
    // Said below.
  }
  throw new KmsError(
    'SerializationException',
    400,
    'Start of structure or map found where not expected.',
  )
}

function readAlgorithm(given: unknown): string {
  const algorithm = signingAlgorithms.find((known) => known === given)
  if (algorithm === undefined) throw outsideOf('signingAlgorithm', signingAlgorithms)
  return algorithm
}

function readMessage(given: unknown): Buffer {
  const bytes = Buffer.from(typeof given === 'string' ? given : '', 'base64')
  if (bytes.length >= 1 && bytes.length <= maximumMessageBytes) return bytes
  throw validation(
    `Value at 'message' failed to satisfy constraint: Member must have length between 1 and ${maximumMessageBytes}`,
  )
}

function signWith(key: TwinKey, algorithm: string, type: string, message: Buffer): Buffer {
  const [, bits = ''] = /^RSASSA_PKCS1_V1_5_SHA_(\d+)$/.exec(algorithm) ?? []
  const prefix = digestPrefixes[`sha${bits}`]
  if (prefix === undefined)
    throw new KmsError(
      'UnsupportedOperationException',
      400,
      `This twin does not sign ${algorithm}.`,
    )
  const digest = type === 'RAW' ? createHash(`sha${bits}`).update(message).digest() : message
  if (digest.length * 8 !== Number(bits))
    throw new KmsError(
      'ValidationException',
      400,
      `Digest is invalid length for algorithm ${algorithm}.`,
    )
  return privateEncrypt(
    { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING },
    Buffer.concat([Buffer.from(prefix, 'hex'), digest]),
  )
}

function algorithmsOf({ usage }: TwinKey): object {
  return usage === 'SIGN_VERIFY'
    ? { SigningAlgorithms: signingAlgorithms }
    : { EncryptionAlgorithms: encryptionAlgorithms }
}

const wrongUsage = (key: TwinKey, operation: string) =>
  new KmsError(
    'InvalidKeyUsageException',
    400,
    `${key.arn} key usage is ${key.usage} which is not valid for ${operation}.`,
  )

const outsideOf = (name: string, allowed: readonly string[]) =>
  validation(
    `Value at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  )
