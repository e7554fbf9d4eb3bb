/**
 * The container's health check: `/livez` of the API, or, called with `worker`, the metrics listener that every role has.
 * Any answer of the listener will do: it may ask for a token that this script does not know.
 */
const timeoutMs = 3_000
const isWorker = process.argv[2] === 'worker'
const { PORT = '5000', METRICS_PORT = '9464' } = process.env
const url = isWorker ? `http://127.0.0.1:${METRICS_PORT}/metrics` : `http://127.0.0.1:${PORT}/livez`

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
  process.exitCode = answer.ok || isWorker ? 0 : 1
} catch {
  process.exitCode = 1
}
