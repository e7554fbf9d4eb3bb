/** What the CLI tells about the settings: `env check` finds fault, `env print` shows what holds. */
import { describeDefault, formatValue } from './describe.ts'
import type { Environment } from './given.ts'
import { examine, type Examined, type LoadOptions } from './load.ts'
import { formatProblem, type Problem } from './problem.ts'
import { MASK, redactUrl } from './redact.ts'
import type { Mode, Value } from './setting.ts'
import { groups, type Config, type NamedSetting, type SettingName } from './settings.ts'

export type EnvCheck = {
  readonly isOk: boolean
  readonly mode: Mode
  readonly missing: readonly Problem[]
  readonly weak: readonly Problem[]
  /** Values that cannot be read or lie out of range. */
  readonly invalid: readonly Problem[]
  /** Values that open a hole in production. */
  readonly unsafe: readonly Problem[]
  /** Each with the nearest known name, where there is one. */
  readonly unknown: readonly Problem[]
  readonly conflicting: readonly Problem[]
  readonly aliases: Examined['aliases']
}

export type EnvRow = { readonly group: string; readonly name: SettingName; readonly value: string }
/** A setting with what the reference says of it. */
export type SettingRow = EnvRow & {
  readonly isSet: boolean
  readonly isSecret: boolean
  /** In words; empty when there is none. */
  readonly default: string
  readonly doc: string
}

const UNSET = '(unset)'

export function envCheck(env: Environment, options: LoadOptions = {}): EnvCheck {
  const { mode, problems, aliases } = examine(env, options)
  const ofKind = (kind: Problem['kind']) => problems.filter((problem) => problem.kind === kind)
  return {
    isOk: problems.length === 0,
    mode,
    missing: ofKind('missing'),
    weak: ofKind('weak'),
    invalid: ofKind('invalid'),
    unsafe: ofKind('unsafe'),
    unknown: ofKind('unknown'),
    conflicting: ofKind('conflict'),
    aliases,
  }
}

export function formatEnvCheck(check: EnvCheck): string {
  const sections = (['missing', 'weak', 'invalid', 'unsafe', 'unknown', 'conflicting'] as const)
    .filter((kind) => check[kind].length > 0)
    .map((kind) =>
      [`${kind}:`, ...check[kind].map((each) => `  ${formatProblem(each)}`)].join('\n'),
    )
  if (check.aliases.length > 0) {
    const lines = check.aliases.map(({ used, canonical }) => `  ${used} is read as ${canonical}`)
    sections.push(['aliases:', ...lines].join('\n'))
  }
  const verdict = check.isOk ? 'all settings are good' : 'the server will not start'
  return [...sections, `${check.mode}: ${verdict}`].join('\n')
}

/** The settings in force, one row each, fit to be shown to anyone who may see the server. */
export function envPrint(config: Config): EnvRow[] {
  return groups.flatMap(({ name: group, settings }) =>
    settings.map((setting) => ({
      group,
      name: setting.name,
      value: showValue(setting, config[setting.key]),
    })),
  )
}

/** The same rows, with what the reference says of each. */
export function describeSettings(config: Config): SettingRow[] {
  const described = groups.flatMap(({ settings }) =>
    settings.map((setting) => ({
      isSet: config[setting.key] !== undefined,
      isSecret: setting.isSecret,
      default: setting.isSecret ? '' : describeDefault(setting),
      doc: setting.doc,
    })),
  )
  return envPrint(config).flatMap((row, index) => {
    const more = described[index]
    return more ? [{ ...row, ...more }] : []
  })
}

export function formatEnvPrint(rows: readonly EnvRow[]): string {
  const width = Math.max(0, ...rows.map(({ name }) => name.length))
  const sections = [...Map.groupBy(rows, ({ group }) => group)].map(([group, members]) =>
    [`# ${group}`, ...members.map(({ name, value }) => `${name.padEnd(width)}  ${value}`)].join(
      '\n',
    ),
  )
  return sections.join('\n\n')
}

function showValue(setting: NamedSetting, value: Value | undefined): string {
  if (value === undefined) return UNSET
  return setting.isSecret ? MASK : formatValue(setting, value, redactUrl)
}
