/** The front door of the settings: one schema, parsed once, passed on. */
export { type AlertThreshold, readAlertThreshold } from './alert-thresholds.ts'
export { renderEnvExample } from './example.ts'
export type { Environment } from './given.ts'
export { loadConfig, type LoadOptions, type LoadResult } from './load.ts'
export { formatProblem, type Problem, type ProblemKind } from './problem.ts'
export { renderConfigurationDoc } from './reference.ts'
export {
  describeSettings,
  envCheck,
  envPrint,
  formatEnvCheck,
  formatEnvPrint,
  type EnvCheck,
  type EnvRow,
  type SettingRow,
} from './report.ts'
export type { Mode } from './setting.ts'
export type { Config, SettingName } from './settings.ts'
