/** What went wrong, in the reader's language where there are words for it, else in the server's. */
import { ConnectionError, Problem } from '@ashlar/sdk'
import { frameWords } from './frame-words.ts'
import { isPasskeyDeclined } from './passkeys.ts'
import { problemWords } from './problem-words.ts'
import { currentLanguage, type Language, useLanguage } from './words.ts'

/** What a screen itself says no to, in the words of whoever reads it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

export function useProblemText(): (error: unknown) => string {
  const language = useLanguage()
  return (error) => problemText(error, language)
}

export function problemText(error: unknown, language: Language = currentLanguage()): string {
  const words = frameWords[language]
  if (error instanceof ConnectionError) return words.unreachable
  if (error instanceof Refusal) return error.message
  if (error instanceof Problem) return problemWords[language][error.code] ?? error.message
  if (isPasskeyDeclined(error)) return words.passkeyFailed
  return words.unexpected
}
