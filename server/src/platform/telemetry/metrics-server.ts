/** The /metrics listener: a port of its own, so that figures about the inside are not on the public one. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { hashToken, isSame } from '../secrets.ts'
import type { RenderedMetrics } from './metrics.ts'

export type MetricsServerOptions = {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Asked for as `Authorization: Bearer …`; anybody who reaches the port may read without one. */
  readonly token?: string | undefined
  readonly render: () => Promise<RenderedMetrics>
}
export type MetricsServer = { readonly url: string; close(): Promise<void> }

/** A scraper sends one small request; who takes longer than this to do so is none. */
const requestTimeoutMs = 10_000
const maxHeaderBytes = 8 * 1024

/** Listens until closed. Rejects when the port is taken. */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const isAllowed = createTokenCheck(options.token)
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
      connectionsCheckingInterval: requestTimeoutMs / 2,
    },
    (request, response) => {
      void answer(request, response, isAllowed, options.render)
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `http://${host}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Tells whether an `Authorization` header carries the token, in a time that does not depend on how much of it. */
export function createTokenCheck(
  token: string | undefined,
): (authorization: string | undefined) => boolean {
  if (!token) return () => true
  const expected = hashToken(token)
  return (authorization = '') => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    return given !== undefined && isSame(hashToken(given), expected)
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowed: (authorization: string | undefined) => boolean,
  render: MetricsServerOptions['render'],
): Promise<void> {
  const path = request.url?.split('?', 1)[0]
  const say = (status: number, body: string, headers: Record<string, string> = {}) => {
    const length = String(Buffer.byteLength(body))
    const type = headers['content-type'] ?? 'text/plain; charset=utf-8'
    const always = { 'content-type': type, 'content-length': length, 'cache-control': 'no-store' }
    response.writeHead(status, { ...headers, ...always, 'x-content-type-options': 'nosniff' })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  if (path !== '/metrics') return say(404, 'Not found.\n')
  if (!isAllowed(request.headers.authorization)) {
    return say(401, 'A bearer token is required.\n', {
      'www-authenticate': 'Bearer realm="metrics"',
    })
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return say(405, 'Only GET.\n', { allow: 'GET, HEAD' })
  }
  try {
    const { contentType, body } = await render()
    return say(200, body, { 'content-type': contentType })
  } catch {
    return say(500, 'The metrics could not be read.\n')
  }
}
