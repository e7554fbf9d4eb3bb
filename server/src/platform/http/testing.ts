/** What tests of the HTTP layer need beside `app/testing.ts`: real sockets, raw bytes, and a browser that is signed in. */
import { type IncomingHttpHeaders, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { startServer } from '../../app/testing.ts'
import { goodPassword } from '../../app/testing.ts'
import type { App } from './app.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

/** An answer as it came over the wire. */
export type WireReply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Opens a real port; `inject` tidies paths up before the server sees them, a socket does not. */
export async function portOf(app: App): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** One request with exactly this path and these headers. */
export function sendTo(
  port: number,
  options: {
    readonly method?: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Buffer
  },
): Promise<WireReply> {
  const { method = 'GET', path, headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
    sent.on('error', reject)
    sent.on('response', (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.end(body)
  })
}

/** Sends bytes as they are and returns everything the server says before it closes, or within `waitMs`. */
export function sendBytes(port: number, bytes: string | Buffer, waitMs = 1_000): Promise<string> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect(port, '127.0.0.1')
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(said)
    }
    const timer = setTimeout(done, waitMs)
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(bytes)
  })
}

/** The value of a cookie in an answer. */
export function cookieOf(reply: { headers: Readonly<Record<string, unknown>> }, name: string) {
  const lines = [reply.headers['set-cookie'] ?? []].flat().map(String)
  const found = lines.find((line) => line.startsWith(`${name}=`))
  return found?.slice(name.length + 1).split(';')[0] ?? null
}

export const sessionCookie = '__Host-ashlar_session'
export const visitorCookie = '__Host-ashlar_visitor'

/** Signs in with a new account as a browser does: the session in a cookie, the CSRF token from the answer. */
export async function openBrowser(server: Server, role = 'member') {
  const account = await server.as(role)
  const reply = await server.anonymous.post('/api/v1/auth/login', {
    email: account.email,
    password: goodPassword,
  })
  const secret = cookieOf(reply, sessionCookie)
  if (secret === null) throw new Error(`no session cookie: ${reply.status} ${reply.text}`)
  const cookie = `${sessionCookie}=${secret}`
  const csrfToken: string = reply.body.data.csrfToken
  const origin = new URL(server.settings.publicUrl).origin
  return {
    account,
    cookie,
    csrfToken,
    origin,
    /** What the browser and our page send together with an unsafe request. */
    headers: { cookie, origin, 'x-csrf-token': csrfToken },
  }
}
