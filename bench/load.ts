/** The load generator, in a process of its own: the parent orders a measurement, it answers with what it found. */
import autocannon from 'autocannon'
import { signedEvent } from './events.ts'
import { type Seen, seenOf } from './figures.ts'
import type { Call } from './workloads.ts'

export type Order = {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Shared out among the connections, each of which repeats its share. */
  readonly calls: readonly Call[]
}

export type Measured = { readonly seen: Seen; readonly answers: number }
export type Outcome = Measured | { readonly failure: string }

/** Looks often, so that a measurement ends when its time is over and not at the next full second. */
const sampleIntervalMs = 100

process.on('message', (order: Order) => {
  measure(order).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ failure: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))

async function measure({ url, connections, seconds, calls }: Order): Promise<Outcome> {
  const latencies: number[] = []
  let connection = 0
  const running = autocannon({
    url,
    connections,
    pipelining: 1,
    duration: seconds,
    sampleInt: sampleIntervalMs,
    setupClient: (client) => {
      const offset = connection
      connection += 1
      client.setRequests(
        calls.filter((_, index) => index % connections === offset % calls.length).map(requestOf),
      )
    },
  })
  let first = Number.NaN
  let last = Number.NaN
  void running.on('response', (_client, _status, _bytes, milliseconds: number) => {
    last = performance.now()
    if (latencies.length === 0) first = last
    latencies.push(milliseconds)
  })
  const { errors, timeouts, non2xx, statusCodeStats } = await running
  // Refusals are fast: a figure with some among it is worth nothing.
  if (errors + timeouts + non2xx > 0 || latencies.length < 2)
    return {
      failure: `${latencies.length} answers, ${errors} errors, ${timeouts} timeouts, statuses ${JSON.stringify(statusCodeStats)}`,
    }
  return { seen: seenOf(latencies.slice(1), last - first), answers: latencies.length }
}

/** What the load generator sends again and again, or makes anew each time. */
function requestOf({ eventSecret, ...call }: Call): object {
  if (eventSecret === undefined) return { ...call }
  return { ...call, setupRequest: (request: Call) => signedEvent(request, eventSecret) }
}
