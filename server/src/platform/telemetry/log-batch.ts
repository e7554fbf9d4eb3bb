/**
 * Lines gathered for a moment and written together: a write per line costs several times as much as making the
 * line, on the main thread and in the kernel.
 */
import type pino from 'pino'

type Destination = ReturnType<typeof pino.destination>

export type Batch = {
  write(lines: string): void
  /** Hands over what was gathered, without waiting for the disk. */
  push(): void
  /** Writes what was gathered before it returns. */
  flush(): void
  close(): Promise<void>
}

/** What a process that is killed outright may lose; errors are handed over at once. */
const gatherMs = 20
/** As much as one write takes. */
const maxGathered = 16_000

/** `destination` is asked for at each write, for a file is exchanged when it is rotated. */
export function createBatch(destination: () => Destination): Batch {
  let gathered = ''
  let timer: NodeJS.Timeout | null = null

  function push(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (gathered === '') return
    const lines = gathered
    gathered = ''
    attempt(() => destination().write(lines))
  }

  return {
    write(lines) {
      gathered += lines
      if (gathered.length > maxGathered) push()
      // Referenced, so that a process that has nothing else to do still writes its last lines.
      else timer ??= setTimeout(push, gatherMs)
    },
    push,
    flush() {
      push()
      attempt(() => destination().flushSync())
    },
    close() {
      push()
      const stream = destination()
      return new Promise((resolve) => {
        stream.once('close', () => resolve())
        stream.once('error', () => resolve())
        stream.end()
      })
    },
  }
}

/** A destination that is closed or broken must not make logging throw: nobody would be left to tell. */
function attempt(write: () => void): void {
  try {
    write()
  } catch {
    // The lines are lost; the 'error' event, where there was one, has said why.
  }
}
