/** The KMS twin: a small, strict stand-in for AWS KMS that signs for real, for development and tests. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { type Credentials, authenticate } from './authentication.ts'
import { KmsError } from './errors.ts'
import { type FaultPlan, type Faults, createFaultPlan } from './faults.ts'
import { type Keys, type NewKey, type TwinKey, createKeys } from './keys.ts'
import { perform } from './operations.ts'

export type KmsTwinOptions = Credentials & {
  /** A free port by default. */
  port?: number
  /** The loopback address by default: this twin is not for the open network. */
  host?: string
  clock?: () => Date
}

export type KmsTwin = {
  url: string
  faults: Faults
  /** Makes an RSA key, 2048 bits for signing by default. Setting its `state` disables it. */
  createKey(key?: NewKey): TwinKey
  /** Gives a key a name, or moves the name to it: `alias/tokens`. */
  alias(name: string, id: string): void
  /** The actions asked for so far, refused ones included. */
  requests(): readonly string[]
  close(): Promise<void>
}

type Twin = {
  credentials: Credentials
  keys: Keys
  plan: FaultPlan
  requests: string[]
  clock: () => Date
}

const maximumBodyBytes = 64 * 1024
const contentType = 'application/x-amz-json-1.1'

export async function startKmsTwin(options: KmsTwinOptions): Promise<KmsTwin> {
  const { accessKeyId, secretAccessKey, region, host = '127.0.0.1' } = options
  const { faults, plan } = createFaultPlan()
  const twin: Twin = {
    credentials: { accessKeyId, secretAccessKey, region },
    keys: createKeys(region),
    plan,
    requests: [],
    clock: options.clock ?? (() => new Date()),
  }
  const server = createServer((message, response) => void serve(twin, message, response))
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  return {
    url: `http://${host}:${portOf(server)}`,
    faults,
    createKey: (key) => twin.keys.create(key),
    alias: (name, id) => twin.keys.alias(name, id),
    requests: () => [...twin.requests],
    close: () => close(server),
  }
}

async function serve(
  twin: Twin,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (twin.plan.isDown()) {
    message.socket.destroy()
    return
  }
  try {
    send(response, 200, await work(twin, message))
  } catch (error) {
    const known =
      error instanceof KmsError ? error : new KmsError('KMSInternalException', 500, String(error))
    send(response, known.status, { __type: known.type, message: known.message })
  }
}

async function work(twin: Twin, message: IncomingMessage): Promise<object> {
  const body = await readBody(message)
  const target = message.headers['x-amz-target']?.toString()
  twin.requests.push((target ?? '').replace(/^TrentService\./, ''))
  await twin.plan.beforeWork()
  if (message.method !== 'POST' || message.url !== '/')
    throw new KmsError('UnknownOperationException', 404, 'KMS answers to POST / only.')
  if (message.headers['content-type'] !== contentType)
    throw new KmsError('SerializationException', 400, `The content type must be ${contentType}.`)
  authenticate(message, body, twin.credentials, twin.clock())
  return twin.plan.afterWork(perform(target, twin.keys, body))
}

function send(response: ServerResponse, status: number, answer: object): void {
  const body = JSON.stringify(answer)
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  })
  response.end(body)
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of message) {
    const bytes: Buffer = Buffer.from(part)
    size += bytes.length
    if (size <= maximumBodyBytes) parts.push(bytes)
  }
  if (size > maximumBodyBytes)
    throw new KmsError('SerializationException', 413, 'The request is too large.')
  return Buffer.concat(parts)
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
