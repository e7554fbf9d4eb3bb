/** The text of .env.example: every setting, commented out, with its documentation and default. */
import { describeDefault, formatValue } from './describe.ts'
import { defaultForm } from './setting.ts'
import { groups, type NamedSetting } from './settings.ts'

const INTRODUCTION = [
  'Every setting of Ashlar. Copy this file to .env and take the # off the lines you need.',
  'An empty value counts as unset. NAME_FILE reads the value of NAME from a file.',
  'Durations are written 30s, 15m, 2h or 7d; a bare number is seconds.',
  '`ashlar env check` says what is missing, weak or misspelt.',
  'Generated from server/src/platform/config by `npx vitest run server/src/platform/config -u`.',
]

export function renderEnvExample(): string {
  const sections = groups.map(({ title, settings }) =>
    [`# ---- ${title} ----`, ...settings.map(renderSetting)].join('\n\n'),
  )
  return `${[INTRODUCTION.map((line) => `# ${line}`).join('\n'), ...sections].join('\n\n')}\n`
}

function renderSetting(setting: NamedSetting): string {
  const notes = [
    setting.allowed && `Allowed: ${setting.allowed}.`,
    isWorthSaying(setting) && `Default: ${describeDefault(setting)}.`,
    setting.production && `In production: ${setting.production.note}.`,
    setting.aliases.length > 0 && `Also read from: ${setting.aliases.join(', ')}.`,
  ].filter((note) => typeof note === 'string')
  const comments = [setting.doc, notes.join(' ')].filter((line) => line !== '')
  return [
    ...comments.map((line) => `# ${line}`),
    `#${setting.name}=${quoteValue(shownValue(setting))}`,
  ].join('\n')
}

/** A plain default already stands behind the equals sign. */
function isWorthSaying(setting: NamedSetting): boolean {
  return ['byMode', 'derived'].includes(defaultForm(setting).form)
}

function shownValue(setting: NamedSetting): string {
  const given = defaultForm(setting)
  if (given.form === 'value') return formatValue(setting, given.value)
  if (given.form === 'byMode') return formatValue(setting, given.byMode.development)
  return setting.example ?? ''
}

function quoteValue(value: string): string {
  return /^[\w./:@,+-]*$/.test(value) ? value : `"${value}"`
}
