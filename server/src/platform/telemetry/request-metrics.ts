/** Duration, number and concurrency of HTTP requests, by method, route pattern and status. */
import { Counter, Gauge, type Registry } from 'prom-client'
import { type Timing, TimingHistogram } from './timing-histogram.ts'

export type HttpRoute = {
  /** A request arrived. */
  begin(): void
  /** It was answered, or its caller went away; exactly once per `begin`. */
  end(statusCode: number, seconds: number): void
}

/** 0.1 to 10 is what dashboards were built on; below it, where most answers are, finer. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 2, 5, 10]

const knownMethods = new Set('GET HEAD POST PUT PATCH DELETE OPTIONS'.split(' '))
/** More pairs of method and route than any build has; beyond, requests are counted under the route `other`. */
const maxRoutes = 1_000

type Series = { readonly status: string; readonly timing: Timing }
type Counted = {
  readonly method: string
  readonly route: string
  readonly byStatus: Map<number, Series>
  inProgress: number
}

export function requestMetrics(
  registers: Registry[],
): (method: string, route: string | undefined) => HttpRoute {
  const routes = new Map<string, Map<string, HttpRoute>>()
  const all: Counted[] = []
  const durations = exposeRequests(registers, all)

  function open(method: string, route: string): HttpRoute {
    const counted: Counted = { method, route, byStatus: new Map(), inProgress: 0 }
    all.push(counted)
    return {
      begin() {
        counted.inProgress += 1
      },
      end(statusCode, seconds) {
        counted.inProgress -= 1
        let series = counted.byStatus.get(statusCode)
        if (!series) {
          series = openSeries(durations, counted, statusCode)
          counted.byStatus.set(statusCode, series)
        }
        series.timing.observe(seconds)
      },
    }
  }

  return (method, route = 'unmatched') => {
    const known = routes.get(route)?.get(method)
    if (known) return known
    const isKept = all.length < maxRoutes || route === 'other'
    const knownMethod = knownMethods.has(method) ? method : 'OTHER'
    if (!isKept) return find(routes, 'other', knownMethod, open)
    return find(routes, route, knownMethod, open)
  }
}

function find(
  routes: Map<string, Map<string, HttpRoute>>,
  route: string,
  method: string,
  open: (method: string, route: string) => HttpRoute,
): HttpRoute {
  const methods = routes.get(route) ?? new Map<string, HttpRoute>()
  routes.set(route, methods)
  const found = methods.get(method) ?? open(method, route)
  methods.set(method, found)
  return found
}

/** A status outside 100 to 599 is a bug of a handler, and shares one series. */
function openSeries(
  durations: TimingHistogram<'method' | 'route' | 'status_code'>,
  counted: Counted,
  statusCode: number,
): Series {
  const isStatus = Number.isInteger(statusCode) && statusCode >= 100 && statusCode <= 599
  if (!isStatus && statusCode !== 0) {
    const shared = counted.byStatus.get(0) ?? openSeries(durations, counted, 0)
    counted.byStatus.set(0, shared)
    return shared
  }
  const status = isStatus ? String(statusCode) : 'other'
  const { method, route } = counted
  return { status, timing: durations.series({ method, route, status_code: status }) }
}

function exposeRequests(registers: Registry[], all: readonly Counted[]) {
  const labelNames = ['method', 'route', 'status_code'] as const
  const durations = new TimingHistogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer, in seconds.',
    labelNames,
    buckets: secondsBuckets,
    registers,
  })
  // The number of requests is the count of the histogram: adding it up once per scrape saves it per request.
  const total = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
    collect() {
      total.reset()
      for (const { method, route, byStatus } of all) {
        for (const { status, timing } of new Set(byStatus.values())) {
          total.inc({ method, route, status_code: status }, timing.count)
        }
      }
    },
  })
  const inProgress = new Gauge({
    name: 'http_requests_in_progress',
    help: 'Requests that arrived and are not answered yet.',
    labelNames: ['method', 'route'],
    registers,
    collect() {
      for (const { method, route, inProgress: now } of all) inProgress.set({ method, route }, now)
    },
  })
  return durations
}
