/** A guard taken away: one edit of one file, and the tests of which at least one must fail then. */

export type Mutant = {
  readonly name: string
  /** What nobody keeps any more when it is applied. */
  readonly guards: string
  readonly file: string
  /** Is in the file exactly once. */
  readonly from: string
  readonly to: string
  /** Paths of test files. */
  readonly tests: readonly string[]
}

/** @throws Error when the guard is not where it was: the mutant has to be written anew */
export function mutate({ name, file, from, to }: Mutant, text: string): string {
  const parts = text.split(from)
  if (parts.length !== 2)
    throw new Error(`${name}: its guard is ${parts.length - 1} times in ${file}, and must be once`)
  return parts.join(to)
}
