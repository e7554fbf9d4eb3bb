/** Reading JSON bodies: what may be in them, checked before any handler sees them. */
import { httpErrors } from './errors.ts'
import { escaped } from './problem.ts'

/** Deepest nesting accepted; no form of ours needs more than a handful. */
const maxDepth = 32
const quote = 34
const backslash = 92
const suspiciousEscape = /\\u(?:0000|d[89a-f]|fff[ef])/i
const unstorable = ['\u0000', '\ufffe', '\uffff']
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses a JSON body. Throws `http.malformed_json` and `http.too_deep` (400), and `http.invalid_request` (422) for
 * texts PostgreSQL cannot hold (U+0000, lone surrogates, noncharacters) and for keys that reach for prototypes.
 */
export function parseJsonBody(text: string): unknown {
  if (depthOf(text) > maxDepth) throw httpErrors.too_deep()
  const value = parse(text)
  const hasOddText = suspiciousEscape.test(text) || hasOddCharacters(text)
  const hasOddKeys = /__proto__|constructor|prototype|\\u00/i.test(text)
  if (hasOddText || hasOddKeys) check(value, '')
  return value
}

/** True for text that cannot be stored: U+0000, lone surrogates and the noncharacters U+FFFE and U+FFFF. */
export function hasOddCharacters(text: string): boolean {
  return !text.isWellFormed() || unstorable.some((character) => text.includes(character))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw httpErrors.malformed_json()
  }
}

/** How deep brackets nest outside strings: one pass over the characters, no recursion. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isInString) {
      if (code === backslash) index += 1
      else if (code === quote) isInString = false
    } else if (code === quote) isInString = true
    else if (code === 123 || code === 91) deepest = Math.max(deepest, ++depth)
    else if (code === 125 || code === 93) depth -= 1
  }
  return deepest
}

/** Walks the parsed value; its depth is already bounded. */
function check(value: unknown, pointer: string): void {
  if (typeof value === 'string') {
    if (hasOddCharacters(value))
      throw invalid(pointer, 'contains a character that cannot be stored')
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) check(item, `${pointer}/${index}`)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      if (forbiddenKeys.has(key) || hasOddCharacters(key))
        throw invalid(pointer, 'contains a key that is not accepted')
      check(item, `${pointer}/${escaped(key)}`)
    }
  }
}

const invalid = (pointer: string, message: string) =>
  httpErrors.invalid_request({ errors: [{ pointer, message }] })
