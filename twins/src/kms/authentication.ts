/** Who is asking: SigV4 in the Authorization header, over all of the body. */
import type { IncomingMessage } from 'node:http'
import {
  type Scope,
  canonicalRequest,
  deriveSigningKey,
  isSameSignature,
  requestStringToSign,
  sha256Hex,
  sign,
} from '../sigv4/signature.ts'
import { KmsError } from './errors.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string }

type Claim = { accessKeyId: string; scope: Scope; signedHeaders: string[]; signature: string }

/** AWS refuses clocks that differ by more. */
const maximumSkewMs = 5 * 60 * 1000
const alwaysSigned = ['host', 'x-amz-date', 'x-amz-target']

export function authenticate(
  message: IncomingMessage,
  body: Buffer,
  credentials: Credentials,
  now: Date,
): void {
  const headers = readHeaders(message)
  const claim = readClaim(headers.get('authorization'))
  const timestamp = headers.get('x-amz-date') ?? ''
  if (headers.has('x-amz-security-token') || claim.accessKeyId !== credentials.accessKeyId)
    throw new KmsError(
      'UnrecognizedClientException',
      400,
      'The security token included in the request is invalid.',
    )
  checkScope(claim.scope, credentials.region)
  const missing = alwaysSigned.filter((name) => !claim.signedHeaders.includes(name))
  if (missing.length > 0) throw invalidSignature(`${missing.join(', ')} must be a signed header.`)
  const skewMs = Math.abs(now.getTime() - readTimestamp(timestamp))
  if (!(skewMs <= maximumSkewMs) || !timestamp.startsWith(`${claim.scope.date}T`))
    throw invalidSignature(`Signature expired: ${timestamp} is too far from ${now.toISOString()}`)

  const canonical = canonicalRequest({
    method: message.method ?? '',
    path: message.url ?? '',
    query: [],
    headers,
    signedHeaders: claim.signedHeaders,
    payloadHash: sha256Hex(body),
  })
  const key = deriveSigningKey(credentials.secretAccessKey, claim.scope)
  const expected = sign(key, requestStringToSign(timestamp, claim.scope, canonical))
  if (!isSameSignature(expected, claim.signature))
    throw invalidSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    )
}

function readClaim(header: string | undefined): Claim {
  if (header === undefined)
    throw new KmsError('MissingAuthenticationTokenException', 400, 'Missing Authentication Token')
  const [, credential = '', signedHeaders = '', signature = ''] =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      header,
    ) ?? []
  const [accessKeyId, date, region, service, ending, surplus] = credential.split('/')
  if (!accessKeyId || !date || !region || !service || ending !== 'aws4_request' || surplus)
    throw new KmsError(
      'IncompleteSignatureException',
      400,
      'Authorization header requires Credential, SignedHeaders and Signature parameters.',
    )
  return {
    accessKeyId,
    scope: { date, region, service },
    signedHeaders: signedHeaders.split(';'),
    signature,
  }
}

function checkScope({ service, region }: Scope, expected: string): void {
  if (service !== 'kms') throw invalidSignature(`Credential should be scoped to service 'kms'.`)
  if (region !== expected)
    throw invalidSignature(`Credential should be scoped to a valid region, not '${region}'.`)
}

function readHeaders(message: IncomingMessage): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(message.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  )
}

/** Milliseconds since 1970 of `20260131T235959Z`; not a number for anything else. */
function readTimestamp(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  return iso === text ? Number.NaN : Date.parse(iso)
}

const invalidSignature = (message: string) =>
  new KmsError('InvalidSignatureException', 400, message)
