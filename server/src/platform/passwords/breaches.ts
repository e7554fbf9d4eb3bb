/**
 * Whether a password is known from a breach, asked of a service that speaks the range protocol of Pwned Passwords
 * (https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange): it learns five of the forty digits of a SHA-1.
 */
import { createHash } from 'node:crypto'

export type BreachOutcome = 'known' | 'clear' | 'failed'

export type BreachList = {
  /** Null when nobody is asked, or no answer came: a service that is away keeps nobody from signing up. */
  isKnown(password: string): Promise<boolean | null>
}

export type BreachListOptions = {
  /** Where the five digits are added, without a trailing slash; undefined: nobody is asked. */
  readonly url: string | undefined
  readonly timeoutMs: number
  /** Told of every question; with the error when there was no answer. */
  readonly onAsked: (outcome: BreachOutcome, error?: unknown) => void
}

const prefixLength = 5
/** An answer has about a thousand lines, 40 kB with its padding. */
const maxAnswerBytes = 1024 * 1024

export function openBreachList({ url, timeoutMs, onAsked }: BreachListOptions): BreachList {
  return {
    isKnown: async (password) => {
      if (url === undefined) return null
      const digits = createHash('sha1').update(password).digest('hex').toUpperCase()
      try {
        const lines = await ask(`${url}/${digits.slice(0, prefixLength)}`, timeoutMs)
        const isKnown = lines.some((line) => isHit(line, digits.slice(prefixLength)))
        onAsked(isKnown ? 'known' : 'clear')
        return isKnown
      } catch (error) {
        onAsked('failed', error)
        return null
      }
    },
  }
}

async function ask(address: string, timeoutMs: number): Promise<readonly string[]> {
  const reply = await fetch(address, {
    // The length of an answer must not tell an onlooker which digits were asked for.
    headers: { 'add-padding': 'true', 'user-agent': 'ashlar' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!reply.ok || !reply.body) {
    await reply.body?.cancel()
    throw new Error(`the list of breached passwords answered ${reply.status}`)
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of reply.body) {
    size += part.byteLength
    if (size > maxAnswerBytes) throw new Error('the answer of the list is too long')
    parts.push(part)
  }
  const lines = Buffer.concat(parts).toString('latin1').split(/\r?\n/)
  // A page that says something else with status 200 must not count as "not known".
  if (!lines.some((line) => lineShape.test(line))) throw new Error('the list answered no list')
  return lines
}

const lineShape = /^(?<rest>[0-9A-Fa-f]{35}):(?<count>\d+)\s*$/

/** Padding has the count 0. */
function isHit(line: string, rest: string): boolean {
  const found = lineShape.exec(line)?.groups
  return found?.['rest']?.toUpperCase() === rest && Number(found['count']) > 0
}
