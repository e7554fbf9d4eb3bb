/** Sends unexpected errors to Sentry, through a client of its own: nothing else of the process is watched or patched. */
import type { ErrorEvent, Event, Exception, StackFrame } from '@sentry/node'
import { redactText } from './redact-text.ts'

export type ErrorSinkOptions = {
  readonly dsn: string
  readonly environment: string
  readonly release: string
}

/** Where an error happened, in fields that may leave the house. */
export type ErrorPlace = {
  readonly requestId?: string | null
  readonly traceId?: string | null
  readonly method?: string
  /** The route's pattern or the job's name, never a path with values in it. */
  readonly route?: string
  readonly userId?: string | null
}

export type ErrorSink = {
  /** Hands an error over; returns the id under which Sentry files it. Never throws. */
  capture(error: unknown, place?: ErrorPlace): string
  /** Waits until everything is sent, `timeoutMs` at most; false when something was not. */
  close(timeoutMs?: number): Promise<boolean>
}

/** Errors of one kind come in floods; the first ones tell everything. */
const maxWaitingEvents = 100

/**
 * Opens the sink. `@sentry/node` is an optional peer, loaded here: rejects with a sentence that says so when it is
 * not installed, and when the DSN is malformed.
 */
export async function openErrorSink(options: ErrorSinkOptions): Promise<ErrorSink> {
  checkDsn(options.dsn)
  const sentry = await loadSentry()
  const client = new sentry.NodeClient({
    dsn: options.dsn,
    environment: options.environment,
    release: options.release,
    transport: sentry.makeNodeTransport,
    transportOptions: { bufferSize: maxWaitingEvents },
    stackParser: sentry.defaultStackParser,
    // Causes become exceptions of the same event; frames get the lines around them, read from our own sources.
    integrations: [sentry.linkedErrorsIntegration(), sentry.contextLinesIntegration()],
    enableRuntimeChannelInjection: false,
    sendClientReports: false,
    includeServerName: false,
    beforeSend: essence,
    beforeBreadcrumb: () => null,
  })
  client.init()
  return {
    capture(error, place = {}) {
      const scope = new sentry.Scope()
      scope.setClient(client)
      for (const [name, value] of Object.entries(tagsOf(place))) scope.setTag(name, value)
      if (place.userId) scope.setUser({ id: place.userId })
      return scope.captureException(
        error instanceof Error ? error : new Error(redactText(String(error))),
      )
    },
    close: async (timeoutMs = 2_000) => client.close(timeoutMs),
  }
}

/** Sentry would print the malformed DSN, key and all, to standard error and then drop every event. */
function checkDsn(dsn: string): void {
  const url = URL.canParse(dsn) ? new URL(dsn) : null
  if (url?.username && /\/\d+$/.test(url.pathname)) return
  throw new Error(
    'SENTRY_DSN is malformed: https://KEY@HOST/PROJECT is expected, the project a number',
  )
}

async function loadSentry() {
  try {
    return await import('@sentry/node')
  } catch (error) {
    throw new Error(
      'SENTRY_DSN is set, but the package @sentry/node is not installed; install it with: npm install @sentry/node@11.11.0',
      { cause: error },
    )
  }
}

function tagsOf(place: ErrorPlace): Record<string, string> {
  const tags = {
    request_id: place.requestId,
    trace_id: place.traceId,
    method: place.method,
    route: place.route,
  }
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(tags)) if (value) given[name] = value
  return given
}

/**
 * The event reduced to what is listed here. A list of what to leave out would have to know every place where a
 * library puts headers, cookies, bodies and variables.
 */
function essence(event: ErrorEvent): ErrorEvent {
  const kept: ErrorEvent = { type: undefined }
  const names = [
    'event_id',
    'timestamp',
    'level',
    'platform',
    'environment',
    'release',
    'sdk',
  ] as const
  Object.assign(kept, pick(event, names))
  if (event.tags) kept.tags = event.tags
  if (event.user?.id) kept.user = { id: event.user.id }
  kept.exception = { values: (event.exception?.values ?? []).map(safeException) }
  return kept
}

function pick(event: Event, names: readonly (keyof Event)[]): Partial<Event> {
  return Object.fromEntries(
    names.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
  )
}

function safeException(exception: Exception): Exception {
  const kept: Exception = {}
  if (exception.type) kept.type = exception.type
  if (exception.value) kept.value = redactText(exception.value)
  if (exception.mechanism) {
    const { type, handled } = exception.mechanism
    kept.mechanism = handled === undefined ? { type } : { type, handled }
  }
  const frames = exception.stacktrace?.frames?.map(safeFrame)
  if (frames) kept.stacktrace = { frames }
  return kept
}

/** A frame without its variables. */
function safeFrame(frame: StackFrame): StackFrame {
  const { vars: _variables, ...rest } = frame
  return rest
}
