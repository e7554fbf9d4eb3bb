/** One set of figures for a program of several processes. */
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'
import { collectFromWorkers } from './metrics-cluster.ts'
import { runProgram, telemetryUrl } from './testing.ts'

test('the primary adds up its workers, and what an ended one counted stays counted', async () => {
  const { stdout, stderr, exitCode } = await runProgram(`
    import cluster from 'node:cluster'
    import { once } from 'node:events'
    import { answerMetricsRequests, collectFromWorkers, createMetrics } from '${telemetryUrl}'
    const metrics = createMetrics({ version: '1', hasProcessMetrics: true })
    metrics.watchJobs(async () => [{ queue: 'mail', state: 'waiting', count: 7, oldestAgeSeconds: 1 }])
    metrics.watchPool('main', () => ({ total: 5, idle: 5, waiting: 0 }))
    const route = metrics.httpRoute('GET', '/x')
    if (cluster.isPrimary) {
      const workers = [cluster.fork(), cluster.fork()]
      await Promise.all(workers.map((worker) => once(worker, 'message')))
      const render = collectFromWorkers({ workers: () => Object.values(cluster.workers), own: metrics })
      const show = async () => console.log(JSON.stringify((await render()).body.split('\\n')))
      await show()
      workers[0].process.kill('SIGKILL')
      await once(workers[0], 'exit')
      await show()
      await show()
      workers[1].disconnect()
    } else {
      answerMetricsRequests(metrics, process)
      for (let number = 0; number < 10; number += 1) {
        route.begin()
        route.end(200, 0.2)
      }
      process.send('ready')
    }`)

  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  const [both, ...afterwards] = stdout
    .trimEnd()
    .split('\n')
    .map((line): string[] => JSON.parse(line))
  const requests = 'http_requests_total{method="GET",route="/x",status_code="200"} 20'
  const bucket =
    'http_request_duration_seconds_bucket{le="0.5",method="GET",route="/x",status_code="200"} 20'
  expect(both).toEqual(
    expect.arrayContaining([
      requests,
      bucket,
      'jobs{queue="mail",state="waiting"} 7',
      'database_pool_connections{pool="main",state="total"} 15',
      'app_info{version="1"} 1',
    ]),
  )
  expect(both?.some((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))).toBe(true)
  expect(afterwards).toHaveLength(2)
  for (const lines of afterwards) {
    expect(lines).toEqual(
      expect.arrayContaining([
        requests,
        bucket,
        'database_pool_connections{pool="main",state="total"} 10',
      ]),
    )
  }
})

test('of several processes the longest block and the earliest start count', async () => {
  const { stdout, stderr } = await runProgram(`
    import { collectFromWorkers, createMetrics } from '${telemetryUrl}'
    const metrics = createMetrics({ version: '1', hasProcessMetrics: true })
    const snapshot = await metrics.snapshot()
    const set = (name, value) => {
      snapshot.find((metric) => metric.name === name).values[0].value = value
    }
    const own = (lag, start) => {
      set('nodejs_eventloop_lag_p99_seconds', lag)
      set('process_start_time_seconds', start)
      return structuredClone(snapshot)
    }
    const snapshots = [own(0.01, 300), own(2, 100), own(0.02, 200)]
    const listeners = new Set()
    const worker = (id) => ({
      id,
      isConnected: () => true,
      on: (_event, listener) => listeners.add(listener),
      off: (_event, listener) => listeners.delete(listener),
      send: (asked) => {
        const reply = { type: 'ashlar:metrics:reply', id: asked.id, snapshot: snapshots.pop() }
        const [latest] = [...listeners].slice(-1)
        queueMicrotask(() => latest(reply))
      },
    })
    const render = collectFromWorkers({ workers: () => [1, 2, 3].map(worker) })
    console.log(JSON.stringify((await render()).body.split('\\n')))
    process.exit(0)`)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual(
    expect.arrayContaining([
      'nodejs_eventloop_lag_p99_seconds 2',
      'process_start_time_seconds 100',
    ]),
  )
})

test('a worker that does not answer in time is counted by its previous answer', async () => {
  const metrics = createMetrics({ version: '1' })
  metrics.recordCache('x', true)
  let isMute = false
  const worker = Object.assign(new EventEmitter(), {
    id: 1,
    isConnected: () => true,
    async send({ id }: { id?: number }) {
      if (isMute) return
      const snapshot = await metrics.snapshot()
      worker.emit('message', { type: 'other' })
      worker.emit('message', { type: 'ashlar:metrics:reply', id: -1, snapshot: [] })
      worker.emit('message', { type: 'ashlar:metrics:reply', id, snapshot })
    },
  })
  const render = collectFromWorkers({ workers: () => [worker], timeoutMs: 50 })
  const first = await render()
  isMute = true

  expect(first.body).toContain('cache_hits_total{cache_type="x"} 1')
  expect(await render()).toEqual(first)
  expect(worker.listenerCount('message')).toBe(0)
})
