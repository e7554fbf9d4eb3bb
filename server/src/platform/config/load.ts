/** Turns the environment into the config, or into the complete list of what is wrong with it. */
import { findContradictions, type Reading } from './contradictions.ts'
import { readGiven, type Environment, type Given } from './given.ts'
import type { Problem } from './problem.ts'
import { findProductionProblems } from './production-guard.ts'
import { resolveDefault, type Mode, type Value } from './setting.ts'
import {
  allSettings,
  type Config,
  type NamedSetting,
  type SettingName,
  type Settings,
} from './settings.ts'
import { findUnknownNames } from './unknown-names.ts'

export type LoadOptions = {
  /** Names found in a file that is ours alone, such as .env: every one of them must be a setting. */
  readonly ownNames?: Iterable<string>
}

export type LoadResult = { readonly config: Config } | { readonly problems: readonly Problem[] }

export type Examined = {
  readonly mode: Mode
  readonly problems: readonly Problem[]
  readonly values: Partial<Settings>
  /** Aliases in use, as they were spelt, with the canonical name of each. */
  readonly aliases: readonly { readonly used: string; readonly canonical: SettingName }[]
}

/**
 * Reads every setting once. Never throws for a wrong value: either the frozen config or all problems come back.
 * Reads the files that NAME_FILE variables name; touches nothing else outside its arguments.
 */
export function loadConfig(env: Environment, options: LoadOptions = {}): LoadResult {
  const { mode, problems, values } = examine(env, options)
  if (problems.length > 0 || !isComplete(values)) return { problems }
  const isProduction = mode === 'production'
  const isDevelopment = mode === 'development'
  return { config: Object.freeze({ ...values, isProduction, isDevelopment }) }
}

/** Everything that can be said about the environment; with no problems the values are complete. */
export function examine(env: Environment, options: LoadOptions = {}): Examined {
  const values: Record<string, Value | undefined> = {}
  const given = new Map<SettingName, readonly Given[]>()
  const mentioned = new Set<SettingName>()
  const problems: Problem[] = []

  for (const setting of allSettings) {
    const reading = readSetting(env, setting)
    given.set(setting.name, reading.given)
    problems.push(...reading.problems)
    if (reading.given.length + reading.problems.length > 0) mentioned.add(setting.name)
    if (reading.problems.length > 0) continue
    values[setting.key] = reading.value ?? defaultOf(setting, values)
  }

  // A setting that was given but could not be read counts as given: it is not missing as well.
  const reading: Reading = { values, isGiven: (name) => mentioned.has(name) }
  const mode = modeOf(values)
  problems.push(...findContradictions(reading))
  if (mode === 'production') problems.push(...findProductionProblems(reading))
  problems.push(...findUnknownNames(env, options.ownNames))

  const lines = oneLinePerSetting(problems).map((problem) => withVariable(problem, given))
  return { mode, values, problems: lines, aliases: listAliases(given) }
}

function readSetting(env: Environment, setting: NamedSetting) {
  const { given, problems: unreadable } = readGiven(env, setting)
  const problems = [...unreadable]
  const values = new Map<string, { readonly value: Value; readonly variable: string }>()
  for (const { text, variable } of given) {
    const parsed = setting.parse(text)
    if ('complaint' in parsed)
      problems.push({ name: setting.name, givenAs: variable, ...parsed.complaint })
    else values.set(JSON.stringify(parsed.value), { value: parsed.value, variable })
  }
  if (values.size > 1) {
    const variables = [...values.values()].map(({ variable }) => variable)
    problems.push({
      name: setting.name,
      kind: 'conflict',
      message: `is given different values by ${variables.join(' and ')}`,
      remedy: `Keep ${setting.name} only`,
    })
  }
  return { given, problems, value: [...values.values()][0]?.value }
}

function defaultOf(setting: NamedSetting, values: Readonly<Record<string, Value | undefined>>) {
  return resolveDefault(setting, modeOf(values), (name) => {
    const known = allSettings.find((each) => each.name === name)
    if (!known || allSettings.indexOf(known) >= allSettings.indexOf(setting)) {
      throw new Error(
        `The default of ${setting.name} reads ${name}, which is not declared before it`,
      )
    }
    return values[known.key]
  })
}

/** While NODE_ENV cannot be read its own problem stops the start, so no rule is lost by assuming development. */
function modeOf(values: Partial<Settings>): Mode {
  return values.nodeEnv ?? 'development'
}

/** A value is absent only where a problem was noted instead. */
function isComplete(values: Partial<Settings>): values is Settings {
  return allSettings.every(({ key }) => key in values)
}

/** The first complaint about a setting is the most specific one; the rest would only repeat it. */
function oneLinePerSetting(problems: readonly Problem[]): Problem[] {
  return [...Map.groupBy(problems, ({ name }) => name).values()].flatMap(([first]) =>
    first ? [first] : [],
  )
}

/** Names the variable that was really set, so that the operator finds it. */
function withVariable(problem: Problem, given: ReadonlyMap<string, readonly Given[]>): Problem {
  const { givenAs, ...plain } = problem
  const found = given.get(problem.name) ?? []
  const variable = givenAs ?? (found.length === 1 ? found[0]?.variable : undefined)
  return variable === undefined || variable === problem.name
    ? plain
    : { ...plain, givenAs: variable }
}

function listAliases(given: ReadonlyMap<SettingName, readonly Given[]>): Examined['aliases'] {
  return [...given].flatMap(([canonical, found]) =>
    found
      .filter(({ spelling }) => spelling !== canonical)
      .map(({ variable }) => ({ used: variable, canonical })),
  )
}
