/**
 * Secrets recognised by their looks inside any text: a message, a stack trace, an attribute of a span. What has
 * no looks (a password, a one-time code) is recognised by the key it stands under, in redact.ts.
 */

/** What stands where a secret stood. */
export const redacted = '[redacted]'

/** Longer texts are cut before they are searched, which also bounds the time the search may take. */
const maxTextLength = 16_384

const secretWord =
  'pass(?:word|wd|phrase)?|pwd|secrets?|client[_-]?secret|(?:access|refresh|id|csrf|xsrf|api|auth|session)[_-]?token|token|csrf|xsrf|authorization|cookie|set-cookie|(?:x[_-])?api[_-]?key|private[_-]?key|backup[_-]?codes?|recovery[_-]?codes?|totp|otp|cvc|cvv|credentials?|signature'

/**
 * A text that a rule cannot match without (looked for first, because that is fast), what it matches, what stands
 * there instead. Each pattern starts at a fixed, rare text and is bounded, so that hostile input stays cheap.
 */
const rules: readonly (readonly [needle: string, pattern: RegExp, replacement: string])[] = [
  // Drizzle prints the parameters of a failed query; PostgreSQL prints the value it could not read.
  [
    'Failed query: ',
    /(\bFailed query: [^]*?\nparams: )[^]*?(?=\n\s+at |\n\s+\[cause\]|$)/g,
    `$1${redacted}`,
  ],
  [
    'invalid input ',
    /(\binvalid input (?:syntax|value) for [^:]{1,80}: )"[^]*"/g,
    `$1"${redacted}"`,
  ],
  ['out of range: ', /(\bout of range: )"[^"]*"/g, `$1"${redacted}"`],
  ['is out of range', /\bvalue "[^"]*" (?=is out of range)/g, `value "${redacted}" `],
  ['Key (', /(\bKey \([^)]{1,200}\)=\()[^]*/g, `$1${redacted})`],
  ['Failing row ', /(\bFailing row contains \()[^]*\)/g, `$1${redacted})`],
  // user:password@ of a URL, also when the password holds an unescaped slash.
  ['://', /:\/\/[^\s/?#"@]{0,256}:(?!\d{1,5}(?:[/?#]|$))[^\s"]{0,256}@/g, `://${redacted}@`],
  ['://', /:\/\/[^\s/?#"]{1,1024}@/g, `://${redacted}@`],
  [
    '=',
    /([?&#;](?:[\w.-]{0,40}(?:token|secret|password|passwd|signature|credential|code|key|csrf|otp|sig|state|ticket)))=[^&#\s"'<>]+/gi,
    `$1=${redacted}`,
  ],
  [' ', /\b(Bearer|DPoP)\s+[\w.~+/=-]{6,}/gi, `$1 ${redacted}`],
  ['Basic', /\bBasic\s+(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/]{6,}={0,2}/g, `Basic ${redacted}`],
  ['eyJ', /\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, `${redacted} jwt`],
  ['_', /(?<![A-Za-z0-9])(ash|sk|rk|whsec|gh[pousr])_[\w-]{6,}/g, `$1_${redacted}`],
  ['xox', /\bxox[abprs]-[\w-]{6,}/g, `xox-${redacted}`],
  ['_secret_', /\b([a-z]{2,10})_\w{6,80}_secret_\w+/g, `$1_${redacted}`],
  ['SG.', /\bSG\.[\w-]{8,}\.[\w-]{8,}/g, `SG.${redacted}`],
  [
    'PRIVATE KEY',
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}-----|$)/g,
    redacted,
  ],
  // `Cookie: …` as a header line: everything up to the end of the line is secret.
  [
    ':',
    /\b((?:set-)?cookie|(?:proxy-)?authorization)(\s*:\s*)(?!["{[])[^\r\n]+/gi,
    `$1$2${redacted}`,
  ],
  [':', keyed(':'), `$1${redacted}`],
  ['=', keyed('='), `$1${redacted}`],
]

/** `password=…`, `"token": "…"` and, inside a string that is itself JSON, `\"token\":\"…\"`. */
function keyed(sign: string): RegExp {
  return new RegExp(
    `(?<![A-Za-z])((?:${secretWord})\\\\?["']?\\s{0,4}${sign}\\s{0,4})(?:\\\\"[^"]*"?|"(?:[^"\\\\]|\\\\[^])*"?|'[^']*'?|[^\\s"'&,;{}[\\]]+)`,
    'gi',
  )
}

const cardNumber = /(?<![\w.-])[2-6]\d(?:[ -]?\d){12,17}(?![\w-])/g

/** The text without the secrets that can be told by their looks, cut at 16,384 characters. */
export function redactText(text: string): string {
  let result = text.length > maxTextLength ? cut(text) : text
  for (const [needle, pattern, replacement] of rules) {
    if (result.includes(needle)) result = result.replace(pattern, replacement)
  }
  return result.replace(cardNumber, (digits) => (isCard(digits) ? `${redacted} card` : digits))
}

/** The same for a path: a run this long is a token more often than a name, and a segment with an `@` is somebody. */
export function redactPath(path: string): string {
  return redactText(path)
    .replaceAll(/[\w-]{40,}/g, redacted)
    .replaceAll(/[^/]{0,320}(?:@|%40)[^/]{0,320}/gi, redacted)
}

function cut(text: string): string {
  return `${text.slice(0, maxTextLength)}… [${text.length - maxTextLength} more characters]`
}

/** The check digit of payment cards (ISO/IEC 7812-1, annex B). */
function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.at(-1 - index))
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
