/** The S3 twin: a small, strict stand-in for S3 over HTTP, path-style, for development and tests. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, errorAnswer, sendAnswer } from './answer.ts'
import { authenticate, type Credentials } from './authentication.ts'
import { S3Error } from './errors.ts'
import { createFaultPlan, type FaultPlan, type Faults } from './faults.ts'
import { decodePayload, readBody } from './payload.ts'
import { readRequest } from './request.ts'
import { effectiveHeaders, findOperation } from './routes.ts'
import { openStore, type Store } from './store.ts'
import { createUploads, type Uploads } from './uploads.ts'

export type S3TwinOptions = Credentials & {
  /** Created at the start when they are not there yet. */
  buckets: readonly string[]
  /** A free port by default. */
  port?: number
  /** The loopback address by default: this twin is not for the open network. */
  host?: string
  /** Objects are kept here; in memory without it. */
  directory?: string
  /** For one object, in bytes; 256 MiB by default, for bodies pass through memory. */
  maximumObjectBytes?: number
  clock?: () => Date
}

export type S3Twin = { url: string; faults: Faults; close(): Promise<void> }

type Twin = {
  credentials: Credentials
  store: Store
  uploads: Uploads
  plan: FaultPlan
  maximumObjectBytes: number
  clock: () => Date
}

const defaultMaximumObjectBytes = 256 * 1024 * 1024

export async function startS3Twin(options: S3TwinOptions): Promise<S3Twin> {
  const { accessKeyId, secretAccessKey, region, host = '127.0.0.1' } = options
  const { faults, plan } = createFaultPlan()
  const twin: Twin = {
    credentials: { accessKeyId, secretAccessKey, region },
    store: await openStore(options.directory ?? null),
    uploads: createUploads(),
    plan,
    maximumObjectBytes: options.maximumObjectBytes ?? defaultMaximumObjectBytes,
    clock: options.clock ?? (() => new Date()),
  }
  for (const bucket of options.buckets) await twin.store.createBucket(bucket)

  const server = createServer((message, response) => void serve(twin, message, response))
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  return { url: `http://${host}:${portOf(server)}`, faults, close: () => close(server) }
}

async function serve(
  twin: Twin,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  if (twin.plan.isNextDropped()) {
    message.socket.destroy()
    return
  }
  const isAnswerLost = twin.plan.isNextAnswerLost()
  const answer = await work(twin, message).catch((error: unknown) =>
    errorAnswer(asS3Error(error), message.url ?? '', requestId),
  )
  if (isAnswerLost) message.socket.destroy()
  else sendAnswer(response, answer, requestId)
}

async function work(twin: Twin, message: IncomingMessage): Promise<Answer> {
  const raw = await readBody(message, twin.maximumObjectBytes)
  await twin.plan.beforeWork()
  const request = readRequest(message)
  const now = twin.clock()
  const authentication = authenticate(request, twin.credentials, now)
  requireLength(message)
  const { body, trailers } = decodePayload(raw, request, authentication, twin.maximumObjectBytes)
  const headers = effectiveHeaders(request, authentication.isPresigned, trailers)
  const operation = findOperation(request, headers)
  const { bucket, key } = request
  if (bucket !== null && operation.name !== 'CreateBucket' && !twin.store.hasBucket(bucket)) {
    throw new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist', {
      BucketName: bucket,
    })
  }
  return operation.run({
    request,
    bucket: bucket ?? '',
    key: key ?? '',
    headers,
    body,
    now,
    store: twin.store,
    uploads: twin.uploads,
    region: twin.credentials.region,
    plan: twin.plan,
  })
}

/** S3 takes no body of unknown length, except in aws-chunked framing. */
function requireLength(message: IncomingMessage): void {
  if (message.method !== 'PUT' && message.method !== 'POST') return
  const { 'content-length': length, 'x-amz-decoded-content-length': decoded } = message.headers
  if (length !== undefined || decoded !== undefined) return
  throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.')
}

function asS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error
  const message = error instanceof Error ? error.message : String(error)
  return new S3Error('InternalError', 500, `We encountered an internal error: ${message}`)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The twin has no port.')
  return address.port
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
