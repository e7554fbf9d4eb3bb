/** Where the tokens of a session are kept between requests. */

export type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string
  /** When to ask for the next pair, by this machine's clock, in milliseconds. */
  readonly refreshAt: number
}

export type TokenStore = {
  read(): Tokens | null | Promise<Tokens | null>
  write(tokens: Tokens | null): void | Promise<void>
  /** Set when several tabs use this store: the name of the lock under which one of them refreshes. */
  readonly lockName?: string
}

/** As long as the program runs. */
export function memoryStore(): TokenStore {
  let kept: Tokens | null = null
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens
    },
  }
}

/** What is used of the browser's `Storage`. */
export type StorageArea = {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/**
 * For all tabs of an origin: `storageStore(localStorage)`. Whatever script runs in the page can read it there; where you
 * can, use `cookieSession()`.
 */
export const storageStore = (storage: StorageArea, key = 'ashlar.tokens'): TokenStore => ({
  lockName: key,
  read: () => tokensOf(storage.getItem(key)),
  write: (tokens) => {
    if (tokens === null) storage.removeItem(key)
    else storage.setItem(key, JSON.stringify(tokens))
  },
})

/** Null, too, for what somebody else has written there: who cannot be read is signed out, and can sign in again. */
function tokensOf(text: string | null): Tokens | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Tokens> | null
    const { accessToken, refreshToken, refreshAt } = kept ?? {}
    return typeof accessToken === 'string' &&
      typeof refreshToken === 'string' &&
      typeof refreshAt === 'number'
      ? { accessToken, refreshToken, refreshAt }
      : null
  } catch {
    return null
  }
}
