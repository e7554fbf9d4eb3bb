/** What can be wrong with a setting, and the one line that says so. Never holds the value of a secret. */

export type ProblemKind = 'missing' | 'invalid' | 'weak' | 'unsafe' | 'unknown' | 'conflict'

/** What is wrong, without saying yet which variable it is about. */
export type Complaint = {
  readonly kind: ProblemKind
  /** Completes the sentence "NAME …", without a full stop. */
  readonly message: string
  /** What to do about it: a sentence without a full stop. */
  readonly remedy: string
}

export type Problem = Complaint & {
  /** The setting's canonical name, or the unknown variable as it was spelt. */
  readonly name: string
  /** The variable that gave the value, when that is not the name itself: an alias or a _FILE variable. */
  readonly givenAs?: string
  /** For unknown variables: the known name it resembles most. */
  readonly nearest?: string
}

/** One line, without line breaks whatever the values held. */
export function formatProblem(problem: Problem): string {
  const givenAs = problem.givenAs === undefined ? '' : ` (given as ${problem.givenAs})`
  return `${problem.name}${givenAs} ${problem.message}. ${problem.remedy}.`
}

/** Enough to recognise a mistyped value, not enough to flood a terminal. */
const SHOWN_CHARACTERS = 40

/** A value that is no secret, quoted and shortened, control characters escaped. */
export function quote(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
  return JSON.stringify(shown)
}
