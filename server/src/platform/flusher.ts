/** Work that is gathered in memory and handed over from time to time: never twice at once, and once more at the end. */

export type Flusher = {
  /** Something was gathered: it is handed over when the time has come. */
  soon(): void
  /** Hands it over now. Never rejects. */
  now(): Promise<void>
}

export type FlusherOptions = {
  readonly everySeconds: number
  /** Keeps what it could not hand over: it is called again. */
  readonly flush: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export function openFlusher({ everySeconds, flush, onError }: FlusherOptions): Flusher {
  let timer: NodeJS.Timeout | null = null
  let running = Promise.resolve()

  function soon(): void {
    // It keeps no process alive: whoever ends one hands over first.
    timer ??= setTimeout(() => void now(), everySeconds * 1000).unref()
  }

  function now(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    running = running.then(flush).catch((error: unknown) => {
      onError(error)
      soon()
    })
    return running
  }

  return { soon, now }
}
