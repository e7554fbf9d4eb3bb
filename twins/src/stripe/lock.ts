/** One twin on a file. Whoever has it listens on a port that the lock names: a lock that a kill left behind is known by its silence. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export type Lock = { release(): void }

/** Somebody who is on the way out, at a restart, has so long to go. */
const usualPatienceMs = 3_000
const pollMs = 100
const answerMs = 1_000

/** Throws when another twin has it. */
export async function lockFile(file: string, patienceMs = usualPatienceMs): Promise<Lock> {
  const lock = `${file}.lock`
  const token = randomBytes(12).toString('hex')
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .resume()
      .end(token)
  }).unref()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${lock}.${token}`
  const { port } = server.address() as AddressInfo
  writeFileSync(draft, JSON.stringify({ port, token }), { mode: 0o600 })
  try {
    await takePlace(draft, lock, Date.now() + patienceMs)
  } catch (error) {
    server.close()
    throw new Error(
      `${file} is in use by another Stripe twin. End that one, or give this one a file of its own.`,
      { cause: error },
    )
  } finally {
    rmSync(draft)
  }
  return {
    release() {
      if (contentOf(lock)?.includes(token)) rmSync(lock)
      server.close()
    },
  }
}

/** A link never replaces, so that of two who come at once one is first. */
async function takePlace(draft: string, lock: string, until: number): Promise<void> {
  for (;;) {
    try {
      linkSync(draft, lock)
      return
    } catch (error) {
      if (Date.now() > until || (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const content = contentOf(lock)
    if (content === null) continue
    if (await isHeld(content)) await pause(pollMs)
    else takeAway(lock, content, `${draft}.old`)
  }
}

/** Only the one that was seen: another may have come in its place meanwhile. */
function takeAway(lock: string, content: string, aside: string): void {
  try {
    renameSync(lock, aside)
  } catch {
    // Whoever had it has gone, or somebody else was faster.
    return
  }
  if (contentOf(aside) !== content) linkSync(aside, lock)
  rmSync(aside)
}

/** Whoever listens there and is silent is taken for the one who has it: it may only stand still. */
async function isHeld(content: string): Promise<boolean> {
  const [, port, token] = /"port":(\d+),"token":"(\w+)"/.exec(content) ?? []
  if (port === undefined || token === undefined) return false
  let isSilent = false
  const socket = connect(Number(port), '127.0.0.1')
  socket.setTimeout(answerMs, () => {
    isSilent = true
    socket.destroy()
  })
  // A server of another kind, which has the port now, says something to that.
  socket.write(`${token}\r\n\r\n`)
  try {
    let said = ''
    for await (const part of socket) said += String(part)
    return said === token
  } catch {
    return isSilent
  }
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
