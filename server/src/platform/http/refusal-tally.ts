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
const anybody: Actor = { ...anonymousFrom(''), ip: null }

type Source = {
  readonly actor: Actor
  readonly requestId: string
  readonly refusal: Counted
  readonly count: number
}

export function openRefusalTally(options: {
  readonly context: ContextDeps
  readonly everySeconds: number
  readonly onError: (error: unknown) => void
}): RefusalTally {
  let sources = new Map<string, Source>()
  const flusher = openFlusher({ ...options, flush })

  function add(source: Source): void {
    const { actor, refusal } = source
    const reason = `${refusal.code} ${refusal.policy}`
    const own = `${reason} ${actor.id} ${actor.ip}`
    const isKept = sources.has(own) || sources.size < maxSources
    const key = isKept ? own : reason
    const known = sources.get(key) ?? { ...source, count: 0, ...(isKept ? {} : { actor: anybody }) }
    sources.set(key, { ...known, count: known.count + source.count })
  }

  async function flush(): Promise<void> {
    const taken = [...sources.values()]
    sources = new Map()
    for (const [index, source] of taken.entries()) {
      try {
        await record(source)
      } catch (error) {
        for (const left of taken.slice(index)) add(left)
        throw error
      }
    }
  }

  async function record({ actor, requestId, refusal, count }: Source): Promise<void> {
    const ctx = createCtx(options.context, { actor, requestId })
    await ctx.recordRefusal(refused(requestsRefused, null, { ...refusal, count }))
  }

  return {
    count: (actor, requestId, refusal) => {
      add({ actor, requestId, refusal, count: 1 })
      flusher.soon()
    },
    flush: flusher.now,
  }
}
