/** The two drivers, running, as the contract test sees them. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startS3Twin } from '../../../../twins/src/s3/index.ts'
import { AppError } from '../errors.ts'
import { openLocalStorage } from './local.ts'
import { openS3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

export type Subject = {
  storage: Storage
  /** Moves the clock of the store and of the signer. */
  advance(seconds: number): void
  breakDown(): Promise<void>
  close(): Promise<void>
}

export async function openLocalSubject() {
  const top = await mkdtemp(join(tmpdir(), 'storage-'))
  const directory = join(top, 'files')
  const clock = movableClock()
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const publicUrl = `http://127.0.0.1:${port}`
  const open = { directory, publicUrl, signingKey: randomBytes(32), clock: clock.now }
  const storage = openLocalStorage(open)
  server.on('request', (request, response) => {
    void storage.handler(request, response).catch((error: unknown) => {
      const known = error instanceof AppError ? error : null
      response.writeHead(known?.status ?? 500).end(known?.code ?? String(error))
    })
  })
  return {
    storage,
    directory,
    publicUrl,
    advance: clock.advance,
    async breakDown() {
      await rename(directory, `${directory}-away`).catch(() => null)
      await writeFile(directory, 'a file where the folder was')
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await rm(top, { recursive: true, force: true })
    },
  }
}

export async function openS3Subject() {
  const clock = movableClock()
  const credentials = { accessKeyId: 'AKSUBJECT', secretAccessKey: randomBytes(20).toString('hex') }
  const twin = await startS3Twin({
    ...credentials,
    region: 'eu-north-1',
    buckets: ['files'],
    clock: clock.now,
  })
  const storage = openS3Storage({
    ...credentials,
    bucket: 'files',
    region: 'eu-north-1',
    endpoint: twin.url,
    forcePathStyle: true,
    clock: clock.now,
    connectTimeoutMs: 500,
    requestTimeoutMs: 2000,
    idleTimeoutMs: 2000,
    attempts: 2,
  })
  return {
    storage,
    twin,
    advance: clock.advance,
    breakDown: () => twin.close(),
    close: () => twin.close(),
  }
}

function movableClock() {
  let offsetMs = 0
  return {
    now: () => new Date(Date.now() + offsetMs),
    advance: (seconds: number) => void (offsetMs += seconds * 1000),
  }
}
