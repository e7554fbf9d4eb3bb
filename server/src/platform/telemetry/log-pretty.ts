/** Log lines for human eyes: one coloured line each, for a terminal in development. */

const colours: Readonly<Record<string, string>> = {
  trace: '90',
  debug: '36',
  info: '32',
  warn: '33',
  error: '31',
  fatal: '97;41',
}
const headFields = new Set(['timestamp', 'level', 'logger', 'message', 'version', 'pid'])

/** One JSON line as `12:03:04.567 INFO  jobs: message key=value`, followed by an error's stack. */
export function prettyLine(line: string): string {
  const fields: Record<string, unknown> = JSON.parse(line)
  const level = String(fields['level'])
  const time = String(fields['timestamp']).slice(11, 23)
  const rest = Object.entries(fields).filter(([key]) => !headFields.has(key))
  const context = rest.map(([key, value]) => ` ${dim(`${visible(key)}=`)}${shown(value)}`).join('')
  const stacks = rest.map(([, value]) => stacksOf(value)).join('')
  const head = `${dim(time)} ${paint(colours[level] ?? '0', level.toUpperCase().padEnd(5))}`
  return `${head} ${dim(`${visible(String(fields['logger']))}:`)} ${visible(String(fields['message']))}${context}\n${stacks}`
}

/** Control characters (C0, DEL, C1) spelled out: what somebody sent must not steer the terminal. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

function shown(value: unknown): string {
  if (typeof value === 'string') return visible(value)
  return visible(
    JSON.stringify(value, (key, inner: unknown) => (key === 'stack' ? undefined : inner)),
  )
}

function stacksOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return ''
  if (!('stack' in value) || typeof value.stack !== 'string') return ''
  const lines = value.stack.split('\n').map((line) => `    ${dim(visible(line))}\n`)
  return lines.join('') + stacksOf('cause' in value ? value.cause : null)
}

function dim(text: string): string {
  return paint('90', text)
}

function paint(colour: string, text: string): string {
  return `\u001b[${colour}m${text}\u001b[0m`
}
