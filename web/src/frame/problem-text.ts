/** What went wrong, in the reader's language where there are words for it, else in the server's. */
import { ConnectionError, Problem } from '@ashlar/sdk'
import { frameWords } from './frame-words.ts'
import { isPasskeyDeclined } from './passkeys.ts'
import { currentLanguage, type Language, useLanguage } from './words.ts'

type ProblemWords = Readonly<Record<Language, Readonly<Record<string, string>>>>

let problemWords: ProblemWords = { en: {}, de: {} }

/** Nobody needs words for what goes wrong before something does: they are no part of the first screen. */
export async function learnProblems(): Promise<void> {
  const learned = await import('./problem-words.ts').catch(() => null)
  if (learned !== null) problemWords = learned.problemWords
}

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

/** What stands at a field: our words where the code has some of its own, else the server's; of a password its advice, too. */
export function fieldText(
  problem: Problem,
  message: string,
  language: Language = currentLanguage(),
): string {
  const ours = problemWords[language][problem.code]
  if (ours !== undefined && problem.code !== 'http.invalid_request') return ours
  if (problem.code !== 'auth.weak_password') return message
  return [`${problem.message} It ${message}.`, ...adviceIn(problem.details['feedback'])].join(' ')
}

function adviceIn(feedback: unknown): string[] {
  if (typeof feedback !== 'object' || feedback === null) return []
  const { warning, suggestions } = feedback as { warning?: unknown; suggestions?: unknown }
  return [warning, ...(Array.isArray(suggestions) ? suggestions : [])].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  )
}
/** A refusal of which only the code is known: it came in an address. */
export const codeText = (code: string, language: Language): string =>
  problemWords[language][code] ?? code
