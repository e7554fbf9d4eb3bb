/** Questions of the server that a person has to answer before a call may go on; one at a time, asked by `prompts.tsx`. */
import type { Problem } from '@ashlar/sdk'

export type Proof = { readonly headers?: Readonly<Record<string, string>> }
export type Question = {
  readonly kind: 'stepUp' | 'elevation'
  /** What was answered before was not right. */
  readonly isRefused: boolean
  /** Whether the server knows of an authenticator that could answer. */
  readonly hasAuthenticator: boolean
  /** Null: they would rather not. */
  readonly answer: (proof: Proof | null) => void
}

const kinds: Readonly<Record<string, Question['kind']>> = {
  'access.step_up_required': 'stepUp',
  'admin.mfa_required': 'elevation',
}

let asked: { question: Question; answered: Promise<Proof | null> } | null = null
const listeners = new Set<() => void>()

/** Null where the problem is no such question, or nobody answers it. Calls that wait for the same proof share it. */
export function proofFor({ code, details }: Problem, isRefused = false): Promise<Proof | null> {
  const kind = kinds[code]
  if (kind === undefined || listeners.size === 0) return Promise.resolve(null)
  if (asked?.question.kind === kind)
    // A code works once: whoever comes second finds the window open and sends none.
    return asked.answered.then((proof) => (proof === null ? null : {}))
  const { promise, resolve } = Promise.withResolvers<Proof | null>()
  const question: Question = {
    kind,
    isRefused,
    hasAuthenticator: details['hasAuthenticator'] !== false,
    answer: (proof) => {
      asked = null
      resolve(proof)
      tell()
    },
  }
  asked = { question, answered: promise }
  tell()
  return promise
}

export const currentQuestion = (): Question | null => asked?.question ?? null

export function listenForQuestions(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  for (const listener of listeners) listener()
}
