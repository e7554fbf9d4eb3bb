/** A client as anybody could write it: fetch, a cookie, a CSRF token. It knows nothing of the server's code. */
import { setTimeout as pause } from 'node:timers/promises'

export type Answer = {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

export type Call = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly bearer?: string
  readonly headers?: Record<string, string>
}

/** A limit's window is a minute. */
const longestWaitSeconds = 60
/** No step of the tour takes this long on a healthy server. */
const timeoutMs = 15_000

export class TourClient {
  readonly url: string
  #cookies = new Map<string, string>()
  csrfToken: string | null = null

  constructor(url: string) {
    this.url = url
  }

  /** Sends a call; one that comes too soon is sent again when the server says, as a good client does. */
  async call(call: Call): Promise<Answer> {
    const answer = await this.#send(call)
    const waitSeconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    if (answer.status !== 429 || !(waitSeconds <= longestWaitSeconds)) return answer
    await pause(waitSeconds * 1000)
    return this.#send(call)
  }

  async #send({ method = 'GET', path, body, bearer, headers = {} }: Call): Promise<Answer> {
    const reply = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bearer === undefined ? this.#browserHeaders() : { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    this.#keepCookies(reply.headers)
    const content = await reply.text()
    const isJson = reply.headers.get('content-type')?.includes('json') ?? false
    return {
      status: reply.status,
      headers: reply.headers,
      body: isJson ? JSON.parse(content) : content,
    }
  }

  #browserHeaders(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
      origin: new URL(this.url).origin,
      ...(cookie === '' ? {} : { cookie }),
      ...(this.csrfToken === null ? {} : { 'x-csrf-token': this.csrfToken }),
    }
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const at = pair.indexOf('=')
      const name = pair.slice(0, at)
      const isGone = attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')
      if (isGone) this.#cookies.delete(name)
      else this.#cookies.set(name, pair.slice(at + 1))
    }
  }
}

export const api = '/api/v1'

/** A call of a client that is no browser: without a session it says so by a bearer token that is none. */
export const post = (path: string, body?: unknown, bearer = 'none'): Call => ({
  method: 'POST',
  path: `${api}${path}`,
  bearer,
  ...(body === undefined ? {} : { body }),
})

export const get = (path: string, bearer: string, headers: Call['headers'] = {}): Call => ({
  path: `${api}${path}`,
  bearer,
  headers,
})

/** The code of an error, for a line. */
export const codeIn = ({ body }: Answer): string => text(body, 'code')

/** A field deep in an answer, as text: `text(body, 'data', 'user', 'id')`. Throws when it is not there. */
export function text(body: unknown, ...path: readonly (string | number)[]): string {
  let current: unknown = body
  for (const key of path) current = (current as Record<string | number, unknown> | null)?.[key]
  if (typeof current !== 'string') throw new Error(`the answer has no ${path.join('.')}`)
  return current
}
