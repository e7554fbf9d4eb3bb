/** The TCP port of the embedded server: the one used last when it is free, otherwise a new one. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { EmbeddedPostgresError } from './failure.ts'
import { findJson, writeDurably, type Layout } from './files.ts'

/**
 * Below the range from which systems take the ports of outgoing connections (Linux from 32768, others from 49152).
 * A client that reconnects to a stopped server inside that range can be given the server's own port, is then
 * connected to itself, and keeps the server from coming back.
 */
const lowestPort = 20_000
const highestPort = 32_000
const attempts = 50

/** @throws EmbeddedPostgresError `failed` when none of many ports is free */
export async function choosePort(layout: Layout): Promise<number> {
  const last = (await findJson(layout.port))?.['port']
  if (typeof last === 'number' && (await isFree(last))) return last
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(lowestPort, highestPort)
    if (await isFree(port)) return port
  }
  throw new EmbeddedPostgresError('failed', `no free port on 127.0.0.1 after ${attempts} attempts`)
}

export async function rememberPort(layout: Layout, port: number): Promise<void> {
  if ((await findJson(layout.port))?.['port'] !== port) await writeDurably(layout.port, { port })
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}
