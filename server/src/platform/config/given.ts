/** What the environment gives for one setting: under its name, an alias, or a file named by NAME_FILE. */
import { readFileSync } from 'node:fs'
import type { Complaint, Problem } from './problem.ts'
import type { NamedSetting } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** One text found, and the variable it came from (`JWT_SECRET_FILE`). */
export type Given = { readonly variable: string; readonly spelling: string; readonly text: string }

export const FILE_SUFFIX = '_FILE'

/** Every accepted spelling of the setting, the canonical one first. */
export function spellingsOf(setting: NamedSetting): readonly string[] {
  return [setting.name, ...setting.aliases]
}

/**
 * Reads each accepted spelling and its _FILE variant (trailing line breaks dropped). Empty means unset.
 * A spelling given both ways, or a file that cannot be read, is a problem.
 */
export function readGiven(
  env: Environment,
  setting: NamedSetting,
): { readonly given: readonly Given[]; readonly problems: readonly Problem[] } {
  const given: Given[] = []
  const problems: Problem[] = []
  for (const spelling of spellingsOf(setting)) {
    const fileVariable = `${spelling}${FILE_SUFFIX}`
    const text = env[spelling] ?? ''
    const path = env[fileVariable] ?? ''
    if (isSet(setting, text) && path !== '') {
      const message = `is set both by ${spelling} and by ${fileVariable}`
      problems.push({
        name: setting.name,
        kind: 'conflict',
        message,
        remedy: 'Keep one of the two',
      })
    } else if (path !== '') {
      const read = readValueFile(path)
      if ('text' in read) given.push({ variable: fileVariable, spelling, text: read.text })
      else problems.push({ name: setting.name, givenAs: fileVariable, ...read })
    } else {
      given.push({ variable: spelling, spelling, text })
    }
  }
  return { given: given.filter(({ text }) => isSet(setting, text)), problems }
}

function isSet(setting: NamedSetting, text: string): boolean {
  return (setting.isSecret ? text : text.trim()) !== ''
}

function readValueFile(path: string): { readonly text: string } | Complaint {
  try {
    return { text: readFileSync(path, 'utf8').replace(/[\r\n]+$/, '') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    const message = `names a file that cannot be read (${code})`
    return { kind: 'invalid', message, remedy: 'Correct the path or its permissions' }
  }
}
