/**
 * The log: one JSON object per line with `timestamp`, `level`, `logger` and `message`, then the context. Every
 * line but the request log's passes redaction; nothing in the process writes to standard output past it.
 */
import path from 'node:path'
import pino from 'pino'
import { createClock } from './clock.ts'
import { type Batch, createBatch } from './log-batch.ts'
import { type LogFileOptions, logFileDefaults, openLogFile } from './log-files.ts'
import { prettyLine } from './log-pretty.ts'
import { type RequestLine, requestJson } from './log-request.ts'
import { type Plain, redactFields, redactValue } from './redact.ts'
import { redactText } from './redact-text.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
export type LogContext = Readonly<Record<string, unknown>>

export type Log = {
  trace(message: string, context?: LogContext): void
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  /** An exception belongs into the context under `error`, with its causes. */
  error(message: string, context?: LogContext): void
  fatal(message: string, context?: LogContext): void
  isEnabled(level: LogLevel): boolean
  /** The same log under another `logger` name: the room or the part of the platform that speaks. */
  named(name: string): Log
  /** The same log with fields that every line repeats, like a request id. */
  with(context: LogContext): Log
  /** The request log, at level `info`: a line of fixed, safe fields that skips redaction's deep search. */
  request(line: RequestLine): void
  /** Writes what is buffered before it returns; for the moment before the process ends. */
  flush(): void
  /** Writes what is buffered and lets go of the files. Nothing may be logged afterwards. */
  close(): Promise<void>
}

export type LogOptions = {
  readonly level: LogLevel | 'silent'
  /** `logger` of the lines that are not logged under a narrower name. */
  readonly name: string
  readonly version: string
  /** Also writes combined.log, and from level `error` on error.log, into this directory. */
  readonly logDir?: string | undefined
  readonly rotation?: Partial<Omit<LogFileOptions, 'onError'>>
  /** Coloured lines instead of JSON on `output`, for a terminal; files stay JSON. */
  readonly pretty?: boolean
  /** Where lines go; standard output unless given. */
  readonly output?: { write(text: string): void }
  /** The trace that the running code belongs to, asked for once per line. */
  readonly traceIdOf?: (() => string | null) | undefined
}

const reserved = new Set(['timestamp', 'level', 'logger', 'message', 'version', 'pid', 'time'])

/** Lines that wait for a standard output nobody reads; beyond, they are dropped rather than fill the memory. */
const maxBufferedBytes = 16 * 1024 * 1024

/** Opens the log. Throws when `logDir` cannot be written. */
export function openLog(options: LogOptions): Log {
  const sinks = openSinks(options)
  const clock = createClock()
  const root = pino(
    {
      level: options.level,
      base: { version: options.version, pid: process.pid },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${clock()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors arrive here as plain objects already.
      serializers: {},
    },
    sinks.stream,
  )
  return speak({ root, sinks, clock, options }, options.name, {})
}

type Sinks = {
  readonly stream: pino.DestinationStream & { lastLevel: number }
  writeRequest(line: string): void
  flush(): void
  close(): Promise<void>
}
type Opened = {
  readonly root: pino.Logger
  readonly sinks: Sinks
  readonly clock: () => string
  readonly options: LogOptions
}

function speak(opened: Opened, name: string, bindings: { [key: string]: Plain }): Log {
  const { root, sinks, clock, options } = opened
  const pinoLog = root.child({ logger: name, ...bindings })
  const isRequestLogged = pinoLog.isLevelEnabled('info')
  const head = `"level":"info","version":${JSON.stringify(options.version)},"pid":${process.pid},"logger":"http","message":"request"`
  const at = (level: LogLevel) => (message: string, context?: LogContext) => {
    if (!pinoLog.isLevelEnabled(level)) return
    pinoLog[level](safeContext(context, bindings, options.traceIdOf), redactText(message))
  }
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    isEnabled: (level) => pinoLog.isLevelEnabled(level),
    named: (other) => speak(opened, other, bindings),
    with: (context) => speak(opened, name, { ...bindings, ...safeContext(context, {}, undefined) }),
    request(line) {
      if (isRequestLogged) sinks.writeRequest(requestJson(clock(), head, line))
    },
    flush: () => sinks.flush(),
    close: () => sinks.close(),
  }
}

/** The context of one line, redacted, with no name twice: a JSON reader would keep only one of the two. */
function safeContext(
  context: LogContext | undefined,
  bindings: { [key: string]: Plain },
  traceIdOf: LogOptions['traceIdOf'],
): { [key: string]: Plain } {
  const given =
    context instanceof Error ? { error: redactValue(context) } : redactFields(context ?? {})
  const result: { [key: string]: Plain } = {}
  for (const [key, value] of Object.entries(given)) {
    const isTaken = reserved.has(key) || key in bindings
    result[isTaken ? `context_${key}` : key] = value
  }
  const traceId = traceIdOf?.()
  if (traceId && !('trace_id' in result) && !('trace_id' in bindings)) result['trace_id'] = traceId
  return result
}

function openSinks(options: LogOptions): Sinks {
  const standard = options.output ? null : openStandardOutput()
  const target = options.output ?? standard
  const write = (line: string) => {
    target?.write(options.pretty ? prettyLine(line) : line)
  }
  const { combined, errors } = openFiles(options, (error) => complain(write, error))
  const batches = [standard, combined, errors].filter((batch) => batch !== null)
  const flush = () => {
    for (const batch of batches) batch.flush()
  }
  if (batches.length > 0) process.on('exit', flush)
  const stream = {
    // Asks pino to set `lastLevel` before each write.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      write(line)
      combined?.write(line)
      if (stream.lastLevel < errorLevel) return
      errors?.write(line)
      for (const batch of batches) batch.push()
    },
  }
  return {
    stream,
    writeRequest(line) {
      write(line)
      combined?.write(line)
    },
    flush,
    async close() {
      process.off('exit', flush)
      standard?.flush()
      await Promise.all([combined?.close(), errors?.close()])
    },
  }
}

const errorLevel = pino.levels.values['error'] ?? 50

/** Written while others are gathered, so a slow reader of standard output never blocks the process. */
function openStandardOutput(): Batch {
  const output = pino.destination({ dest: 1, sync: false, maxLength: maxBufferedBytes })
  // EPIPE is dealt with by pino; for anything else there is no place left to report it.
  output.on('error', () => undefined)
  return createBatch(() => output)
}

function openFiles(
  options: LogOptions,
  onError: (error: Error) => void,
): { combined: Batch | null; errors: Batch | null } {
  if (!options.logDir) return { combined: null, errors: null }
  const settings = { ...logFileDefaults, ...options.rotation, onError }
  return {
    combined: openLogFile(path.join(options.logDir, 'combined.log'), settings),
    errors: openLogFile(path.join(options.logDir, 'error.log'), settings),
  }
}

/** A log file that cannot be written is reported on standard output; the process goes on without it. */
function complain(write: (line: string) => void, error: Error): void {
  const fields = {
    level: 'error',
    timestamp: new Date().toISOString(),
    logger: 'log',
    message: 'a log file cannot be written',
    error: { message: redactText(error.message) },
  }
  write(`${JSON.stringify(fields)}\n`)
}
