/** Values and defaults of settings in words, for the CLI and the generated pages. */
import { formatDuration } from './duration.ts'
import { defaultForm, type Setting, type Value } from './setting.ts'

/** A value as one would write it in the environment; `showUrl` decides how much of a URL is shown. */
export function formatValue(
  setting: Setting,
  value: Value,
  showUrl: (url: string) => string = (url) => url,
): string {
  if (setting.kind === 'duration') return formatDuration(Number(value))
  if (setting.kind === 'url') return showUrl(String(value))
  return typeof value === 'object' ? value.join(',') : String(value)
}

/** The default in words: a value, one per mode, or how it is worked out; empty when there is none. */
export function describeDefault(setting: Setting): string {
  const given = defaultForm(setting)
  if (given.form === 'none') return ''
  if (given.form === 'value') return formatValue(setting, given.value)
  if (given.form === 'derived') return given.says
  const worded = (value: Value) => formatValue(setting, value) || 'none'
  const development = worded(given.byMode.development)
  const test = worded(given.byMode.test)
  const production = worded(given.byMode.production)
  if (test === development) return `${development}; in production ${production}`
  if (test === production) return `${development}; in tests and production ${production}`
  return `${development}; in tests ${test}; in production ${production}`
}
