/**
 * How hard a password is to guess, by zxcvbn, and whether it is one of those that everybody uses. Costs up to a tenth
 * of a second of one core, so it belongs in a thread of its own (`thread.ts`).
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english, translations } from '@zxcvbn-ts/language-en'

export type Strength = {
  /** zxcvbn's: 0 is guessed at once, 3 takes 10^8 guesses, 4 takes 10^10. */
  readonly score: 0 | 1 | 2 | 3 | 4
  readonly guessesLog10: number
  /** Whether it is on the bundled list of common and breached passwords. */
  readonly isCommon: boolean
  readonly warning: string | null
  readonly suggestions: readonly string[]
}

/** Characters that are scored; what comes after them can only make a password better. */
const scoredCharacters = 100
/** Ways of reading digits and signs as letters that are tried. The library's 100 cost up to a second; these a tenth of it. */
const maxSubstitutions = 8
/** Shorter names are found inside too many words to be taken out of them. */
const minNameLength = 4
const minWordLength = 3
/** Signs that are written for a letter, all forms of one letter in one place. */
const spellings: Readonly<Record<string, string>> = {
  '4': 'a',
  '@': 'a',
  '3': 'e',
  '0': 'o',
  '1': 'i',
  '!': 'i',
  '|': 'i',
  l: 'i',
  '5': 's',
  $: 's',
  '7': 't',
  '+': 't',
}

/** Reads the dictionaries (half a second, 60 MB) and returns the measure. */
export function createStrengthMeter(): (password: string, words: readonly string[]) => Strength {
  const meter = new ZxcvbnFactory({
    dictionary: { ...common, ...english },
    graphs: adjacencyGraphs,
    translations,
    maxLength: scoredCharacters,
    l33tMaxSubstitutions: maxSubstitutions,
  })
  const listed = new Set(common['passwords-common'].map(plainly))
  return (password, words) => {
    const own = words.filter((word) => word.length >= minWordLength)
    // Without the account's own names: those are the first that anybody tries who means this account.
    const rest = withoutNames(password, own)
    const { score, guessesLog10, feedback } = meter.check(rest, own)
    const isOwn = rest.length < password.length && score < 3
    return {
      score,
      guessesLog10,
      isCommon: listed.has(plainly(password)),
      warning: isOwn ? translations.warnings.userInputs : feedback.warning,
      suggestions: feedback.suggestions,
    }
  }
}

/** The password without these names, forwards and backwards, in any case and with signs for letters. */
function withoutNames(password: string, words: readonly string[]): string {
  const names = words
    .filter((word) => word.length >= minNameLength)
    .map(plainly)
    .flatMap((name) => [name, Array.from(name).toReversed().join('')])
    .toSorted((left, right) => right.length - left.length)
  let rest = Array.from(password)
  for (const name of names)
    for (;;) {
      const folded = rest.map(plainCharacter)
      const wanted = Array.from(name)
      const at = folded.findIndex((_, start) =>
        wanted.every((character, offset) => folded[start + offset] === character),
      )
      if (at === -1) break
      rest = rest.toSpliced(at, wanted.length)
    }
  return rest.join('')
}

const plainly = (text: string) => Array.from(text, plainCharacter).join('')

/** One character for one character, so that places in the plain text are places in the text. */
function plainCharacter(character: string): string {
  const lower = character.toLowerCase()
  const single = Array.from(lower).length === 1 ? lower : character
  return spellings[single] ?? single
}
