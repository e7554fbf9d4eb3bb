/** One idempotency key per intent: what was sent and not answered is the same when the button is pressed again. */
import { Problem } from '@ashlar/sdk'
import { useRef } from 'react'

const keyBytes = 16

/**
 * Sends under a key that belongs to what is sent. It is used again until there is an answer, a refusal included: under
 * another key, money whose answer was lost would move twice.
 */
export function useOneKey(): <Answer>(
  body: object,
  send: (idempotencyKey: string) => Promise<Answer>,
) => Promise<Answer> {
  const keys = useRef(new Map<string, string>())
  return async (body, send) => {
    const intent = JSON.stringify(body)
    const key = keys.current.get(intent) ?? newKey()
    keys.current.set(intent, key)
    try {
      const answer = await send(key)
      keys.current.delete(intent)
      return answer
    } catch (error) {
      if (error instanceof Problem && error.status < 500) keys.current.delete(intent)
      throw error
    }
  }
}

/** Not `randomUUID`: on plain HTTP, a page on another machine of the network has none. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(keyBytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
