/** What tests of the SDK put between it and the server: a count, a browser's cookies, a connection that breaks. */
import { once } from 'node:events'
import { type AddressInfo, createServer, connect } from 'node:net'

export type Fetch = typeof globalThis.fetch

/** Counts requests by method and path: `{ 'POST /api/v1/auth/refresh': 1 }`. */
export function counting(fetch: Fetch = globalThis.fetch): {
  fetch: Fetch
  counts: Record<string, number>
} {
  const counts: Record<string, number> = {}
  return {
    counts,
    fetch: (input, init) => {
      const name = `${init?.method} ${new URL(addressOf(input)).pathname}`
      counts[name] = (counts[name] ?? 0) + 1
      return fetch(input, init)
    },
  }
}

/** The cookies of one browser profile, and the Origin that a page of `origin` sends. */
export function browserFetch(origin: string): Fetch {
  const jar = new Map<string, string>()
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('origin', origin)
    if (jar.size > 0)
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await globalThis.fetch(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
}

/** The first `count` requests to a path reach the server, whose answers are lost on the way back. */
export function losingAnswers(path: string, count: number, fetch: Fetch = globalThis.fetch): Fetch {
  let left = count
  return async (input, init) => {
    const response = await fetch(input, init)
    if (left === 0 || new URL(addressOf(input)).pathname !== path) return response
    left -= 1
    await response.arrayBuffer()
    throw new TypeError('the connection was lost')
  }
}

/** A proxy that lets whole requests through and cuts the connection at the first byte of the first `count` answers. */
export async function openCuttingProxy(to: string, count: number) {
  const target = new URL(to)
  let left = count
  let cuts = 0
  const proxy = createServer((client) => {
    const server = connect(Number(target.port), target.hostname)
    for (const socket of [client, server]) socket.on('error', () => {})
    client.pipe(server)
    client.on('close', () => server.destroy())
    server.on('close', () => client.destroy())
    server.on('data', (part) => {
      if (left === 0) return void client.write(part)
      left -= 1
      cuts += 1
      server.destroy()
      client.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, cuts: () => cuts, close: () => void proxy.close() }
}

function addressOf(input: Parameters<Fetch>[0]): string {
  if (typeof input === 'string') return input
  return input instanceof URL ? input.href : input.url
}
