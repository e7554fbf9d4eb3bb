/** Who is asking: SigV4 in the Authorization header or in the query of a presigned URL. */
import { invalidArgument, invalidRequest, notImplemented, S3Error } from './errors.ts'
import { parameter, type S3Request } from './request.ts'
import {
  canonicalRequest,
  deriveSigningKey,
  isSameSignature,
  requestStringToSign,
  type Scope,
  sign,
} from '../sigv4/signature.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string; region: string }

/** What the payload check still needs once the head of the request is trusted. */
export type Authentication = {
  readonly isPresigned: boolean
  /** The declared payload hash, or one of S3's words for none. */
  readonly payloadHash: string
  readonly timestamp: string
  readonly scope: Scope
  readonly signingKey: Buffer
  readonly signature: string
}

type Claim = {
  isPresigned: boolean
  accessKeyId: string
  scope: Scope
  signedHeaders: string[]
  signature: string
  timestamp: string
  payloadHash: string
}

/** S3 refuses clocks that differ by more. */
const maximumSkewMs = 15 * 60 * 1000
const maximumExpiresSeconds = 7 * 24 * 60 * 60
const presignedParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
] as const

export function isSignatureParameter(name: string): boolean {
  return presignedParameters.some((known) => known === name) || name === 'X-Amz-Content-Sha256'
}

export function authenticate(
  request: S3Request,
  credentials: Credentials,
  now: Date,
): Authentication {
  const claim = readClaim(request)
  if (
    request.headers.has('x-amz-security-token') ||
    hasParameter(request, 'x-amz-security-token')
  ) {
    throw new S3Error('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.')
  }
  if (claim.accessKeyId !== credentials.accessKeyId) {
    throw new S3Error(
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: claim.accessKeyId },
    )
  }
  checkScope(claim, credentials.region)
  checkSignedHeaders(request, claim)
  if (claim.isPresigned) checkExpiry(request, claim, now)
  else checkSkew(claim, now)

  const signingKey = deriveSigningKey(credentials.secretAccessKey, claim.scope)
  checkSignature(request, claim, signingKey)
  const { isPresigned, payloadHash, timestamp, scope, signature } = claim
  return { isPresigned, payloadHash, timestamp, scope, signingKey, signature }
}

function readClaim(request: S3Request): Claim {
  const header = request.headers.get('authorization')
  const isPresigned = presignedParameters.some((name) => hasParameter(request, name))
  if (header !== undefined && isPresigned) {
    throw invalidArgument(
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      'Authorization',
      header,
    )
  }
  if (isPresigned) return readQueryClaim(request)
  if (header === undefined) throw accessDenied('Access Denied')
  return readHeaderClaim(request, header)
}

function readHeaderClaim(request: S3Request, header: string): Claim {
  if (!header.startsWith('AWS4-HMAC-SHA256 ')) {
    throw invalidArgument('Unsupported Authorization Type', 'Authorization', header)
  }
  const match =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  const [, credential, signedHeaders, signature] = match ?? []
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw headerMalformed('The authorization header is malformed.')
  }
  const timestamp = request.headers.get('x-amz-date')
  if (timestamp === undefined) {
    throw accessDenied('AWS authentication requires a valid Date or x-amz-date header')
  }
  const payloadHash = request.headers.get('x-amz-content-sha256')
  if (payloadHash === undefined) {
    throw invalidRequest('Missing required header for this request: x-amz-content-sha256')
  }
  const { accessKeyId, scope } = readCredential(credential, headerMalformed)
  return {
    isPresigned: false,
    accessKeyId,
    scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    payloadHash,
  }
}

function readQueryClaim(request: S3Request): Claim {
  const values = presignedParameters.map((name) => {
    const count = request.query.filter(([candidate]) => candidate === name).length
    const value = count === 1 ? parameter(request, name) : null
    if (value === null) {
      throw queryMalformed(
        `Query-string authentication version 4 requires the ${presignedParameters.join(', ')} parameters.`,
      )
    }
    return value
  })
  const [algorithm, credential, timestamp, , signedHeaders, signature] = values
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw queryMalformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"')
  }
  const { accessKeyId, scope } = readCredential(credential ?? '', queryMalformed)
  return {
    isPresigned: true,
    accessKeyId,
    scope,
    signedHeaders: (signedHeaders ?? '').split(';'),
    signature: signature ?? '',
    timestamp: timestamp ?? '',
    payloadHash:
      request.headers.get('x-amz-content-sha256') ??
      parameter(request, 'X-Amz-Content-Sha256') ??
      'UNSIGNED-PAYLOAD',
  }
}

function readCredential(
  text: string,
  refuse: (message: string) => S3Error,
): { accessKeyId: string; scope: Scope } {
  const parts = text.split('/')
  const [accessKeyId, date, region, service, ending] = parts
  if (!accessKeyId || !date || !region || !service || ending !== 'aws4_request' || parts[5]) {
    throw refuse(
      'The Credential is mal-formed; expecting "<key>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  }
  return { accessKeyId, scope: { date, region, service } }
}

function checkScope(claim: Claim, region: string): void {
  const refuse = claim.isPresigned ? queryMalformed : headerMalformed
  if (claim.scope.service !== 's3') {
    throw refuse(`incorrect service "${claim.scope.service}". This endpoint belongs to "s3".`)
  }
  if (claim.scope.region !== region) {
    throw refuse(`the region '${claim.scope.region}' is wrong; expecting '${region}'`, {
      Region: region,
    })
  }
  if (!claim.timestamp.startsWith(`${claim.scope.date}T`)) {
    throw refuse(`Invalid credential date "${claim.scope.date}". It differs from X-Amz-Date.`)
  }
}

function checkSignedHeaders(request: S3Request, claim: Claim): void {
  const sorted = [...new Set(claim.signedHeaders)].sort()
  if (sorted.join(';') !== claim.signedHeaders.join(';') || /[A-Z]/.test(sorted.join(''))) {
    throw signatureDoesNotMatch()
  }
  // Content-Type must be signed under header authentication; a presigned URL may leave it open.
  const missing = [...request.headers.keys()].filter(
    (name) =>
      !claim.signedHeaders.includes(name) &&
      (name === 'host' ||
        name.startsWith('x-amz-') ||
        (name === 'content-type' && !claim.isPresigned)),
  )
  if (missing.length > 0) {
    throw accessDenied('There were headers present in the request which were not signed', {
      HeadersNotSigned: missing.join(', '),
    })
  }
}

function checkExpiry(request: S3Request, claim: Claim, now: Date): void {
  const text = parameter(request, 'X-Amz-Expires') ?? ''
  const expiresSeconds = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (expiresSeconds < 1) throw queryMalformed('X-Amz-Expires must be a positive number')
  if (expiresSeconds > maximumExpiresSeconds) {
    throw queryMalformed(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${maximumExpiresSeconds} seconds`,
    )
  }
  const signedAt = readTimestamp(claim.timestamp)
  if (signedAt === null) {
    throw queryMalformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  }
  if (signedAt - now.getTime() > maximumSkewMs) throw accessDenied('Request is not valid yet')
  const expiresAt = signedAt + expiresSeconds * 1000
  if (now.getTime() >= expiresAt) {
    throw accessDenied('Request has expired', {
      'X-Amz-Expires': text,
      Expires: new Date(expiresAt).toISOString(),
      ServerTime: now.toISOString(),
    })
  }
}

function checkSkew(claim: Claim, now: Date): void {
  const signedAt = readTimestamp(claim.timestamp)
  if (signedAt === null) {
    throw accessDenied('AWS authentication requires a valid Date or x-amz-date header')
  }
  if (Math.abs(now.getTime() - signedAt) > maximumSkewMs) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
      {
        RequestTime: claim.timestamp,
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: String(maximumSkewMs),
      },
    )
  }
}

function checkSignature(request: S3Request, claim: Claim, signingKey: Buffer): void {
  const payloadWords = /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)$/
  if (!payloadWords.test(claim.payloadHash)) {
    throw invalidArgument(
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.',
      'x-amz-content-sha256',
      claim.payloadHash,
    )
  }
  if (claim.payloadHash.includes('ECDSA')) throw notImplemented(claim.payloadHash)
  const canonical = canonicalRequest({
    ...request,
    query: request.query.filter(([name]) => name !== 'X-Amz-Signature'),
    signedHeaders: claim.signedHeaders,
    payloadHash: claim.payloadHash,
  })
  const text = requestStringToSign(claim.timestamp, claim.scope, canonical)
  if (!isSameSignature(sign(signingKey, text), claim.signature)) {
    throw signatureDoesNotMatch({ StringToSign: text, CanonicalRequest: canonical })
  }
}

function hasParameter(request: S3Request, name: string): boolean {
  return request.query.some(([candidate]) => candidate.toLowerCase() === name.toLowerCase())
}

/** Milliseconds since 1970 of `20260131T235959Z`, or null. */
function readTimestamp(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? null : time
}

export function signatureDoesNotMatch(fields: Record<string, string> = {}): S3Error {
  return new S3Error(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    fields,
  )
}

function accessDenied(message: string, fields: Record<string, string> = {}): S3Error {
  return new S3Error('AccessDenied', 403, message, fields)
}

function headerMalformed(message: string, fields: Record<string, string> = {}): S3Error {
  return new S3Error('AuthorizationHeaderMalformed', 400, message, fields)
}

function queryMalformed(message: string, fields: Record<string, string> = {}): S3Error {
  return new S3Error('AuthorizationQueryParametersError', 400, message, fields)
}
