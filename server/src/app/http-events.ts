/** What the HTTP server tells of itself, as log lines and metrics. */
import type { RequestRecorder } from '../features/monitoring/index.ts'
import type { CompleterOptions, FinishedRequest, HttpOptions } from '../platform/http/index.ts'
import type { AuthOutcome, AuthType, Log, Metrics } from '../platform/telemetry/index.ts'

export type HttpEvents = Pick<HttpOptions, 'onStarted' | 'onFinished' | 'onLimited' | 'onFailure'>

const probes: ReadonlySet<string> = new Set(['/livez', '/readyz', '/health'])

const authTypes: Readonly<Record<string, AuthType>> = {
  '/api/v1/auth/login': 'login',
  '/api/v1/auth/login/verify-2fa': 'verify_2fa',
  '/api/v1/2fa/backup/verify': 'verify_2fa',
  '/api/v1/auth/magic-link/sign-in': 'magic_link',
  '/api/v1/auth/passkeys/sign-in': 'passkey',
  '/api/v1/auth/step-up': 'step_up',
  '/api/v1/auth/register': 'register',
  '/api/v1/auth/signup': 'register',
  '/api/v1/auth/refresh': 'refresh',
  '/api/v1/auth/reset-password': 'password_reset',
  '/api/v1/invitations/accept': 'invitation',
}

export function httpEvents(
  log: Log,
  metrics: Metrics,
  recorder: Pick<RequestRecorder, 'record'>,
  onFailure?: (error: unknown, requestId: string) => void,
): HttpEvents {
  return {
    onStarted: (method, route) => metrics.httpRoute(method, route).begin(),
    onFinished: (request) => {
      metrics
        .httpRoute(request.method, request.route)
        .end(request.status, request.durationMs / 1000)
      recorder.record(request)
      const type = authTypes[request.route]
      if (type) metrics.recordAuthAttempt(type, outcomeOf(request))
      // Probes come every second and say nothing, unless something is wrong.
      if (probes.has(request.route) && request.status < 500) return
      log.request({
        request_id: request.requestId,
        method: request.method,
        path: request.path,
        status_code: request.status,
        duration_ms: Math.round(request.durationMs * 100) / 100,
        client_ip: request.clientIp,
        ...(request.userId === null ? {} : { user_id: request.userId }),
        ...(request.traceId === null ? {} : { trace_id: request.traceId }),
      })
    },
    onLimited: metrics.recordRateLimitRefusal,
    onFailure: (error, request) => {
      const fields = {
        error: error.cause ?? error,
        code: error.code,
        request_id: request.requestId,
        route: request.route,
      }
      if (error.status === 503) log.warn('a request could not be served', fields)
      else log.error('a request failed', fields)
      onFailure?.(error.cause ?? error, request.requestId)
    },
  }
}

/** A sign-in that waits for its second factor has neither succeeded nor failed; the second step is counted by itself. */
function outcomeOf({ status, isHeld }: FinishedRequest): AuthOutcome {
  if (status >= 400) return 'failure'
  return isHeld ? 'held' : 'success'
}

/** Says how the server's own try at a request that was left behind ended. */
export function logTried(log: Log): CompleterOptions['onTried'] {
  return (outcome, { route, requestId, attempts, reason }) => {
    const fields = { route, request_id: requestId, attempts, outcome, reason }
    if (outcome === 'completed') log.info('a request left behind was finished', fields)
    else log.warn('a request left behind is not finished', fields)
  }
}
