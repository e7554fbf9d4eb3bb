/** The kinds of settings: how each is read from text and what it refuses. */
import { formatDuration, parseDuration } from './duration.ts'
import { quote, type Complaint } from './problem.ts'
import type { Declaration, HasDefault, Kind, Parsed, Setting, Value } from './setting.ts'

export function text<
  const D extends Declaration<string> & { readonly pattern?: RegExp; readonly expects?: string },
>(declaration: D): Setting<string, HasDefault<D>> {
  const { pattern, expects = 'text' } = declaration
  return setting('text', declaration, undefined, (given) => {
    const value = given.trim()
    if (pattern && !pattern.test(value)) return invalid(`must be ${expects}`, quote(value))
    return { value }
  })
}

export function integer<
  const D extends Declaration<number> & { readonly min: number; readonly max: number },
>(declaration: D): Setting<number, HasDefault<D>> {
  const { min, max } = declaration
  const allowed = `${min} to ${max}`
  return setting('integer', declaration, allowed, (given) => {
    const value = /^-?\d{1,15}$/.test(given.trim()) ? Number(given) : Number.NaN
    if (value >= min && value <= max) return { value }
    if (/^(?:tcp|udp):\/\//.test(given)) return { complaint: serviceLink }
    return invalid(`must be a whole number from ${allowed}`, quote(given))
  })
}

/** `otherText`: what any other word means; without it other words are refused. */
export function boolean<const D extends Declaration<boolean> & { readonly otherText?: boolean }>(
  declaration: D,
): Setting<boolean, HasDefault<D>> {
  return setting('boolean', declaration, 'true or false', (given) => {
    const word = given.trim().toLowerCase()
    if (['true', '1', 'yes', 'on'].includes(word)) return { value: true }
    if (['false', '0', 'no', 'off'].includes(word)) return { value: false }
    if (declaration.otherText !== undefined) return { value: declaration.otherText }
    return invalid('must be true or false (also 1/0, yes/no, on/off)', quote(given))
  })
}

/** Held in whole seconds; min and max are seconds too. */
export function duration<
  const D extends Declaration<number> & { readonly min: number; readonly max: number },
>(declaration: D): Setting<number, HasDefault<D>> {
  const { min, max } = declaration
  const allowed = `${formatDuration(min)} to ${formatDuration(max)}`
  return setting('duration', declaration, allowed, (given) => {
    const value = parseDuration(given)
    if (value !== undefined && value >= min && value <= max) return { value }
    return invalid(
      `must be whole seconds from ${allowed}, written like 30s, 15m, 2h or 7d`,
      quote(given),
    )
  })
}

/** A URL is never shown in a complaint: it may hold a password. `isPlain` refuses credentials, query and fragment. */
export function url<
  const D extends Declaration<string> & {
    readonly protocols: readonly string[]
    readonly isPlain?: boolean
  },
>(declaration: D): Setting<string, HasDefault<D>> {
  const allowed = declaration.protocols.map((protocol) => `${protocol}//…`).join(' or ')
  return setting('url', declaration, allowed, (given) => {
    const value = given.trim()
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    if (!parsed || !declaration.protocols.includes(parsed.protocol)) {
      return invalid(`must be a URL of the form ${allowed}`)
    }
    if (!declaration.isPlain) return { value }
    if (parsed.username || parsed.password || parsed.search || parsed.hash) {
      return invalid('must be a plain URL, without credentials, query or fragment')
    }
    return { value: parsed.href.replace(/\/+$/, '') }
  })
}

export function list<
  const D extends Declaration<readonly string[]> & {
    readonly expects?: string
    item?(text: string): Parsed<string>
    whole?(items: readonly string[]): Complaint | undefined
  },
>(declaration: D): Setting<readonly string[], HasDefault<D>> {
  return setting('list', declaration, declaration.expects, (given): Parsed<readonly string[]> => {
    const value: string[] = []
    for (const entry of splitList(given)) {
      const parsed = declaration.item?.(entry) ?? { value: entry }
      if ('complaint' in parsed) return parsed
      value.push(parsed.value)
    }
    const complaint = declaration.whole?.(value)
    return complaint ? { complaint } : { value }
  })
}

/** A list whose every item is one of the given words, at least one of them. */
export function choices<const C extends string, const D extends Declaration<readonly C[]>>(
  words: readonly C[],
  declaration: D,
): Setting<readonly C[], HasDefault<D>> {
  return setting(
    'list',
    declaration,
    `some of ${words.join(', ')}`,
    (given): Parsed<readonly C[]> => {
      const value = splitList(given).map((entry) => words.find((word) => word === entry))
      const known = value.filter((word) => word !== undefined)
      if (known.length > 0 && known.length === value.length) return { value: [...new Set(known)] }
      return invalid(`must be some of ${words.join(', ')}, separated by commas`, quote(given))
    },
  )
}

export function choice<const C extends string, const D extends Declaration<C>>(
  words: readonly C[],
  declaration: D,
): Setting<C, HasDefault<D>> {
  const allowed = `one of ${words.join(', ')}`
  return setting('choice', declaration, allowed, (given) => {
    const value = words.find((word) => word.toLowerCase() === given.trim().toLowerCase())
    return value === undefined ? invalid(`must be ${allowed}`, quote(given)) : { value }
  })
}

/** Taken as it is, spaces included, and never shown; neither may what `complaint` says show it. */
export function secret<
  const D extends Declaration<string> & {
    readonly pattern?: RegExp
    readonly expects?: string
    complaint?(given: string): Complaint | undefined
  },
>(declaration: D): Setting<string, HasDefault<D>> {
  const { pattern, expects = 'text' } = declaration
  return setting('secret', { isSecret: true, ...declaration }, declaration.expects, (given) => {
    if (pattern && !pattern.test(given)) return invalid(`must be ${expects}`)
    const complaint = declaration.complaint?.(given)
    return complaint ? { complaint } : { value: given }
  })
}

/** Why a value was not accepted, with the value only where it cannot be a secret. */
export function invalid(message: string, shown?: string): { readonly complaint: Complaint } {
  const remedy =
    shown === undefined ? 'Correct the value or remove it' : `Correct ${shown} or remove it`
  return { complaint: { kind: 'invalid', message, remedy } }
}

/** Kubernetes injects NAME_PORT=tcp://… for every Service called "name" and so overwrites ours. */
const serviceLink: Complaint = {
  kind: 'invalid',
  message: 'was set by Kubernetes to the address of a Service of that name',
  remedy: 'Rename the Service or set enableServiceLinks: false on the pod',
}

function splitList(given: string): string[] {
  return given
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function setting<V extends Value, const D extends Declaration<V>>(
  kind: Kind,
  declaration: D,
  allowed: string | undefined,
  parse: (text: string) => Parsed<V>,
): Setting<V, HasDefault<D>>
function setting<V extends Value>(
  kind: Kind,
  declaration: Declaration<V>,
  allowed: string | undefined,
  parse: (text: string) => Parsed<V>,
): Setting<V> {
  return {
    kind,
    allowed,
    parse,
    doc: declaration.doc,
    default: declaration.default,
    hasDefault: declaration.default !== undefined,
    aliases: declaration.aliases ?? [],
    isSecret: declaration.isSecret ?? false,
    example: declaration.example,
    production: declaration.production,
  }
}
