/** Metrics of a program that runs as several processes: the primary asks its workers and adds up what they counted. */
import { AggregatorRegistry } from 'prom-client'
import type { Metrics, MetricsSnapshot, RenderedMetrics } from './metrics.ts'

/** A worker as the primary sees it; `cluster.Worker` is one. */
export type WorkerChannel = {
  readonly id: number
  isConnected(): boolean
  send(message: object): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  off(event: 'message', listener: (message: unknown) => void): unknown
}

/** The primary as a worker sees it; `process` of a forked process is one. */
export type PrimaryChannel = {
  send?(message: object): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  off(event: 'message', listener: (message: unknown) => void): unknown
}

export type CollectOptions = {
  readonly workers: () => Iterable<WorkerChannel>
  /** The primary's own metrics, added to the workers'. */
  readonly own?: Metrics
  /** How long one scrape waits; a worker that is late is counted by its previous answer. */
  readonly timeoutMs?: number
}

const requestType = 'ashlar:metrics:request'
const replyType = 'ashlar:metrics:reply'

/** Makes a worker answer its primary. Returns the function that stops it. */
export function answerMetricsRequests(metrics: Metrics, primary: PrimaryChannel): () => void {
  async function answer(id: unknown): Promise<void> {
    const snapshot = await metrics.snapshot()
    primary.send?.({ type: replyType, id, snapshot })
  }
  const listen = (message: unknown) => {
    // A failed answer looks like a late one, and the primary knows what to do about those.
    if (isMessage(message, requestType)) answer(message.id).catch(() => undefined)
  }
  primary.on('message', listen)
  return () => {
    primary.off('message', listen)
  }
}

/**
 * Returns the `render` of the whole program. What a worker counted stays counted after it has ended: a counter that
 * falls reads as a restart, and Prometheus would report a burst of requests that never happened.
 */
export function collectFromWorkers(options: CollectOptions): () => Promise<RenderedMetrics> {
  const latest = new Map<number, MetricsSnapshot>()
  let ended: MetricsSnapshot = []
  let lastId = 0

  return async () => {
    lastId += 1
    const id = lastId
    const workers = [...options.workers()]
    const timeoutMs = options.timeoutMs ?? 2_000
    await Promise.all(
      workers.map(async (worker) => {
        const snapshot = await ask(worker, id, timeoutMs)
        if (snapshot) latest.set(worker.id, snapshot)
      }),
    )
    const present = new Set(workers.map((worker) => worker.id))
    for (const [workerId, snapshot] of latest) {
      if (present.has(workerId)) continue
      latest.delete(workerId)
      ended = await addUp([ended, snapshot.filter(isCumulative)])
    }
    const own = options.own ? [await options.own.snapshot()] : []
    const all = AggregatorRegistry.aggregate([...own, ...latest.values(), ended])
    return { contentType: all.contentType, body: await all.metrics() }
  }
}

async function ask(
  worker: WorkerChannel,
  id: number,
  timeoutMs: number,
): Promise<MetricsSnapshot | null> {
  if (!worker.isConnected()) return null
  const reply = Promise.withResolvers<MetricsSnapshot | null>()
  const listen = (message: unknown) => {
    if (isMessage(message, replyType) && message.id === id && Array.isArray(message.snapshot)) {
      reply.resolve(message.snapshot)
    }
  }
  const timer = setTimeout(() => reply.resolve(null), timeoutMs)
  worker.on('message', listen)
  try {
    worker.send({ type: requestType, id })
    return await reply.promise
  } catch {
    // The channel closed between the question and here: the worker is ending.
    return null
  } finally {
    clearTimeout(timer)
    worker.off('message', listen)
  }
}

async function addUp(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  return AggregatorRegistry.aggregate([...snapshots]).getMetricsAsJSON()
}

/** Counters and histograms outlive their process; a gauge is about a process that is there. */
function isCumulative(metric: object): boolean {
  return 'type' in metric && (metric.type === 'counter' || metric.type === 'histogram')
}

function isMessage(
  message: unknown,
  type: string,
): message is { readonly type: string; readonly id: unknown; readonly snapshot?: unknown } {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === type
  )
}
