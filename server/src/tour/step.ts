/** One step of the tour: what is sent, what must come back, and the line that tells both. */
import type { Answer, Call, TourClient } from './client.ts'

export type Line = {
  readonly step: string
  readonly sent: string
  readonly got: string
  readonly isGood: boolean
}

/** Ends the tour at the first step that is wrong. */
export class WrongStep extends Error {
  override readonly name = 'WrongStep'
}

export type Guide = {
  readonly client: TourClient
  /** Sends a call and checks its status; the answer is shortened to one line. */
  call(
    step: string,
    call: Call,
    expected: number,
    check?: (answer: Answer) => string,
  ): Promise<Answer>
  /** Says what was done or seen without a call. */
  tell(step: string, sent: string, got: string): void
}

const shownLength = 140
/** Of an answer that is not the expected one: whoever reads it looks for what is wrong. */
const shownFaultLength = 4_000

export function createGuide(client: TourClient, show: (line: Line) => void): Guide {
  return {
    client,
    tell: (step, sent, got) => show({ step, sent, got, isGood: true }),
    call: async (step, call, expected, check) => {
      const sent = `${call.method ?? 'GET'} ${call.path}${call.body === undefined ? '' : ` ${shorten(hide(call.body))}`}`
      const answer = await client.call(call)
      const seen = (length: number) => `${answer.status} ${shorten(hide(answer.body), length)}`
      const fault = answer.status === expected ? tryCheck(check, answer) : `expected ${expected}`
      if (fault.startsWith('!') || answer.status !== expected) {
        show({
          step,
          sent,
          got: `${seen(shownFaultLength)} (${fault.replace(/^!/, '')})`,
          isGood: false,
        })
        throw new WrongStep(step)
      }
      show({
        step,
        sent,
        got: fault === '' ? seen(shownLength) : `${answer.status} ${fault}`,
        isGood: true,
      })
      return answer
    },
  }
}

/** What the check says, or what it found wrong, marked. */
function tryCheck(check: ((answer: Answer) => string) | undefined, answer: Answer): string {
  try {
    return check?.(answer) ?? ''
  } catch (error) {
    return `!${error instanceof Error ? error.message : String(error)}`
  }
}

function shorten(value: unknown, length = shownLength): string {
  const whole = typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : JSON.stringify(value)
  return whole.length > length ? `${whole.slice(0, length)}…` : whole
}

const secretField = /password|token|codes?$|key$|^secret$|otpauth|^qr/i

/** Secrets are not printed, not even those of a demonstration. */
function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hide)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretField.test(key) && (typeof item === 'string' || Array.isArray(item)) ? '…' : hide(item),
    ]),
  )
}
