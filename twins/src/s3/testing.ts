/** What the twin's own tests share: a running twin, a client of the official SDK, raw signed requests. */
import { createHash } from 'node:crypto'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { onTestFinished } from 'vitest'
import { type S3Twin, type S3TwinOptions, startS3Twin } from './index.ts'
import {
  canonicalRequest,
  deriveSigningKey,
  requestStringToSign,
  sign,
} from '../sigv4/signature.ts'

export const credentials = { accessKeyId: 'AKTWIN', secretAccessKey: 'a-secret-of-the-twin' }
const region = 'eu-north-1'
export const bucket = 'files'

/** A twin that ends with the test. */
export async function givenTwin(options: Partial<S3TwinOptions> = {}): Promise<S3Twin> {
  const twin = await startS3Twin({ ...credentials, region, buckets: [bucket], ...options })
  onTestFinished(() => twin.close())
  return twin
}

export function givenClient(twin: S3Twin, config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    endpoint: twin.url,
    region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  })
  onTestFinished(() => client.destroy())
  return client
}

/** The code and status of the refusal; fails the test when nothing was refused. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; status: number }> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Error)) throw new Error('The request was not refused.')
  const metadata: unknown = Reflect.get(outcome, '$metadata')
  const status: unknown = metadata instanceof Object ? Reflect.get(metadata, 'httpStatusCode') : 0
  return { code: outcome.name, status: Number(status) }
}

export async function codeOf(response: Response): Promise<string> {
  const text = await response.text()
  return `${response.status} ${/<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? text}`
}

type RawRequest = {
  method: string
  path: string
  query?: [string, string][]
  headers?: Record<string, string>
  body?: Buffer
  payloadHash?: string
  at?: Date
}

/** Signs by hand, for requests no SDK would make. Returns what fetch wants. */
export function signedRequest(twin: S3Twin, raw: RawRequest) {
  const { method, path, query = [], body = Buffer.alloc(0) } = raw
  const timestamp = (raw.at ?? new Date()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const payloadHash = raw.payloadHash ?? createHash('sha256').update(body).digest('hex')
  const headers: Record<string, string> = {
    host: new URL(twin.url).host,
    'x-amz-date': timestamp,
    'x-amz-content-sha256': payloadHash,
    ...raw.headers,
  }
  const scope = { date: timestamp.slice(0, 8), region, service: 's3' }
  const signedHeaders = Object.keys(headers).sort()
  const canonical = canonicalRequest({
    method,
    path: decodeURIComponent(path),
    query,
    headers: new Map(Object.entries(headers)),
    signedHeaders,
    payloadHash,
  })
  const key = deriveSigningKey(credentials.secretAccessKey, scope)
  const signature = sign(key, requestStringToSign(timestamp, scope, canonical))
  const credential = `${credentials.accessKeyId}/${scope.date}/${region}/s3/aws4_request`
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  const search = new URLSearchParams(query).toString()
  return {
    url: `${twin.url}${path}${search === '' ? '' : `?${search}`}`,
    method,
    headers,
    body,
    signature,
    timestamp,
    scope,
    key,
  }
}

export async function sendRaw(request: ReturnType<typeof signedRequest>, body = request.body) {
  const hasBody = request.method === 'PUT' || request.method === 'POST'
  return fetch(request.url, {
    method: request.method,
    headers: request.headers,
    ...(hasBody && { body: new Uint8Array(body) }),
  })
}
