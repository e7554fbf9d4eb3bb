/** The line of the request log, written field by field because it is written once per request. */
import { redactPath } from './redact-text.ts'

export type RequestLine = {
  readonly request_id: string
  readonly method: string
  /** The path as it was asked for; a query string is cut off, for it may carry tokens. */
  readonly path: string
  readonly status_code: number
  readonly duration_ms: number
  readonly client_ip: string
  readonly user_id?: string | null | undefined
  readonly trace_id?: string | null | undefined
}

/** The longest path that is written. */
const maxPathLength = 1_024
/** A run of letters, digits, dashes and underscores this long is a token more often than a name; a UUID has 36. */
const tokenLength = 40
/** Texts made of these alone need no escaping in JSON. */
const harmless = /^[\w\-./:%]*$/

/** A finished line; `head` holds the fields that never change. */
export function requestJson(timestamp: string, head: string, line: RequestLine): string {
  const userId = line.user_id ? `,"user_id":${quoted(line.user_id)}` : ''
  const traceId = line.trace_id ? `,"trace_id":${quoted(line.trace_id)}` : ''
  const ms = Math.round(line.duration_ms * 1000) / 1000
  return `{"timestamp":"${timestamp}",${head},"request_id":${quoted(line.request_id)},"method":${quoted(line.method)},"path":${quotedPath(line.path)},"status_code":${line.status_code},"duration_ms":${ms},"client_ip":${quoted(line.client_ip)}${userId}${traceId}}\n`
}

function quoted(text: string): string {
  return harmless.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** One pass over the usual path; only an unusual one pays for the search for secrets. */
function quotedPath(full: string): string {
  let run = 0
  for (let index = 0; index < full.length; index += 1) {
    const character = full.charCodeAt(index)
    if (isWord(character)) {
      run += 1
      if (run === tokenLength) return unusualPath(full)
    } else {
      run = 0
      if (character === questionMark)
        return index <= maxPathLength ? `"${full.slice(0, index)}"` : unusualPath(full)
      if (!isPunctuation(character)) return unusualPath(full)
      // An `@` in disguise: an address.
      if (character === percent && full.startsWith('40', index + 1)) return unusualPath(full)
    }
  }
  return full.length <= maxPathLength ? `"${full}"` : unusualPath(full)
}

const questionMark = 63
const percent = 37

/** Digits, letters, `-` and `_`. */
function isWord(character: number): boolean {
  return (
    (character >= 97 && character <= 122) ||
    (character >= 48 && character <= 57) ||
    (character >= 65 && character <= 90) ||
    character === 45 ||
    character === 95
  )
}

/** `/`, `.`, `:` and `%`. */
function isPunctuation(character: number): boolean {
  return character === 47 || character === 46 || character === 58 || character === percent
}

function unusualPath(full: string): string {
  const end = full.indexOf('?')
  const path = (end === -1 ? full : full.slice(0, end)).slice(0, maxPathLength)
  return JSON.stringify(redactPath(path))
}
