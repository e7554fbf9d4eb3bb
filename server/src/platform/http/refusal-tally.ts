/**
 * Refusals of strangers, and of whoever asks too often, come in floods. They are counted here, and become one fact for
 * each source and reason every few seconds: nobody can make the table of facts grow as fast as they can ask.
 */
import { type Actor, type ContextDeps, createCtx } from '../context.ts'
import { type EventType, defineEvent, refused } from '../events/index.ts'
import { openFlusher } from '../flusher.ts'
import { anonymousFrom } from './options.ts'

export type Counted = {
  readonly code: string
  readonly status: number
  /** The rate limit that said no; null for every other reason. */
  readonly policy: string | null
  readonly method: string
  readonly route: string
}
/** `method` and `route` are those of the first of them. */
type Refusals = Counted & { readonly count: number }
const requestsRefused: EventType<'http.requests_refused', Refusals> =
  defineEvent<Refusals>()('http.requests_refused')

export type RefusalTally = {
  count(actor: Actor, requestId: string, refusal: Counted): void
  /** Writes the facts; what cannot be written is tried again. */
  flush(): Promise<void>
}

/** Sources and reasons that are told apart between two flushes; the rest is counted by reason alone. */
const maxSources = 100
const nowhere = anonymousFrom('0.0.0.0')

type Source = { readonly actor: Actor; readonly requestId: string; readonly refusal: Counted }

export function openRefusalTally(options: {
  readonly context: ContextDeps
  readonly everySeconds: number
  readonly onError: (error: unknown) => void
}): RefusalTally {
  const sources = new Map<string, Source & { count: number }>()
  const flusher = openFlusher({ ...options, flush })

  function count(actor: Actor, requestId: string, refusal: Counted): void {
    const { code, policy } = refusal
    const own = `${code} ${policy} ${actor.id} ${actor.ip}`
    const isKept = sources.has(own) || sources.size < maxSources
    const key = isKept ? own : `${code} ${policy}`
    const source = sources.get(key)
    if (source) source.count += 1
    else
      sources.set(key, {
        actor: isKept ? actor : { ...nowhere, ip: null },
        requestId,
        refusal,
        count: 1,
      })
    flusher.soon()
  }

  async function flush(): Promise<void> {
    for (const [key, source] of [...sources]) {
      // Out of the map before it is written: what comes meanwhile begins anew.
      sources.delete(key)
      try {
        await record(source)
      } catch (error) {
        const since = sources.get(key)
        sources.set(key, { ...source, count: source.count + (since?.count ?? 0) })
        throw error
      }
    }
  }

  async function record({ actor, requestId, refusal, count: times }: Source & { count: number }) {
    const ctx = createCtx(options.context, { actor, requestId })
    await ctx.recordRefusal(refused(requestsRefused, null, { ...refusal, count: times }))
  }

  return { count, flush: flusher.now }
}
