/**
 * Programs and apps that keep tokens: a short access token, and a refresh token that is traded for the next pair, once.
 * A refresh token that is used again later than ten seconds after its first use looks stolen to the server and ends the
 * session, so everything here is about never doing that by accident.
 */
import { type Client, type Credential, asNobody } from './client.ts'
import { isCsrfRefusal, openCsrfToken } from './csrf-token.ts'
import { refresh } from './generated/auth.ts'
import { ConnectionError, isProblem } from './problem.ts'
import { pause, waitBefore } from './retry.ts'
import { type TokenStore, type Tokens, memoryStore } from './token-store.ts'

/** The browser's Web Locks, as far as they are used. */
type Locks = { request<T>(name: string, work: () => Promise<T>): Promise<T> }

export type TokenSessionOptions = {
  /** `memoryStore()` when left out. */
  readonly store?: TokenStore
  /** The session has ended on the server's side: the tokens are gone, and somebody has to sign in again. */
  readonly onEnd?: () => void
  /** Instead of the browser's; null for none. Without locks, tabs rely on the server's ten seconds. */
  readonly locks?: Locks | null
}

/** The part of an access token's life after which it is renewed, so that it does not expire on the way. */
const lifeShare = 0.9
/**
 * The server answers a spent token with the same pair for 10 s (REFRESH_GRACE). When no answer comes, the token may be
 * spent: it is sent again within that time. Then the call fails, and the token has one more chance, with the next call:
 * if it was not spent, all is well; if it was, nobody can save the session any more.
 */
const sendAgainWithinMs = 8_000
/** So that a lost answer leaves time for another try; that one may take as long as any call. */
const firstTimeoutMs = 4_000
const waitMs = 250
/**
 * A step-up ends the old tokens on the server before its answer brings the new ones: whoever is refused meanwhile looks
 * once more, before everybody is told that the session is over.
 */
const lastLookMs = 1_000
const unauthenticated = 'access.unauthenticated'
const endings: ReadonlySet<string> = new Set(['/api/v1/auth/logout', '/api/v1/auth/logout-all'])

export function tokenSession({
  store = memoryStore(),
  onEnd = () => {},
  locks = browserLocks(),
}: TokenSessionOptions = {}): Credential {
  const csrf = openCsrfToken()
  /** Sign-ins: of a browser the server wants a CSRF token there, bound to a visitor's cookie. It says so when it does. */
  const guarded = new Set<string>()
  let refreshing: Promise<Tokens | null> | null = null

  /** However many requests find the token old, one asks for the next. */
  function renewOnce(client: Client, old: Tokens): Promise<Tokens | null> {
    refreshing ??= inTurn(() => renew(client, old)).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    locks && store.lockName !== undefined ? locks.request(store.lockName, work) : work()

  async function renew(client: Client, old: Tokens): Promise<Tokens | null> {
    const startedAt = Date.now()
    let timeoutMs = firstTimeoutMs
    for (let refusals = 0; ;) {
      // Another tab may have done it meanwhile, or has signed in or out.
      const kept = await store.read()
      if (kept?.refreshToken !== old.refreshToken) return kept
      try {
        const { refreshToken } = old
        const pair = await refresh(asNobody(client, 'omit'), {
          body: { refreshToken },
          retries: 0,
          timeoutMs,
        })
        return await replace(old, tokensOf(pair))
      } catch (error) {
        if (isProblem(error, refresh) && error.code === 'auth.invalid_refresh_token') {
          await pause(lastLookMs)
          return await replace(old, null)
        }
        if (error instanceof ConnectionError) {
          if (Date.now() - startedAt + waitMs > sendAgainWithinMs) throw error
          timeoutMs = client.timeoutMs
          await pause(waitMs)
          continue
        }
        // Who comes too often is told so before anything is spent.
        const politeMs = waitBefore(error, refusals, refresh.definition, client.maxWaitSeconds)
        if (politeMs === null || refusals >= client.retries) throw error
        refusals += 1
        await pause(politeMs)
      }
    }
  }

  /** Unless the store has others by now, which are newer whatever they are. */
  async function replace(old: Tokens, next: Tokens | null): Promise<Tokens | null> {
    const kept = await store.read()
    if (kept?.refreshToken !== old.refreshToken) return kept
    await store.write(next)
    if (next === null) onEnd()
    return next
  }

  return {
    mode: 'token',
    prove: async (client, { path }) => {
      const kept = await store.read()
      const tokens = kept && kept.refreshAt <= Date.now() ? await renewOnce(client, kept) : kept
      if (!guarded.has(path)) return { headers: headersOf(tokens), cookies: 'omit' }
      const headers = { ...headersOf(tokens), ...(await csrf.headers(client)) }
      return { headers, cookies: 'include' }
    },
    renew: async (client, problem, { headers }) => {
      if (isCsrfRefusal(problem)) {
        guarded.add(problem.definition.path)
        await csrf.refuse(headers)
        return true
      }
      const { authorization } = headers
      if (problem.code !== unauthenticated || authorization === undefined) return false
      const kept = await store.read()
      if (kept === null) return false
      const isOld = headersOf(kept)['authorization'] === authorization
      return !isOld || (await renewOnce(client, kept)) !== null
    },
    learn: async ({ path }, data) => {
      if (endings.has(path)) await store.write(null)
      else if (isPair(data)) await store.write(tokensOf(data))
    },
  }
}

type Pair = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresIn: number
}

const isPair = (data: unknown): data is Pair =>
  data !== null &&
  typeof data === 'object' &&
  'accessToken' in data &&
  'refreshToken' in data &&
  'expiresIn' in data

const tokensOf = ({ accessToken, refreshToken, expiresIn }: Pair): Tokens => ({
  accessToken,
  refreshToken,
  refreshAt: Date.now() + expiresIn * 1000 * lifeShare,
})

function headersOf(tokens: Tokens | null): Record<string, string> {
  return tokens ? { authorization: `Bearer ${tokens.accessToken}` } : {}
}

const browserLocks = (): Locks | null =>
  (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks ?? null
