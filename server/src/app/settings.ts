/** The settings of this process: the environment and `.env`, checked once. */
import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { isAlertType } from '../features/monitoring/index.ts'
import {
  type Config,
  type Problem,
  formatProblem,
  loadConfig,
  readAlertThreshold,
} from '../platform/config/index.ts'
import type { Settings } from '../platform/context.ts'
import { developmentSecretKey } from '../platform/secrets.ts'
import { serviceScopes, whyNotForPrograms } from './service-scopes.ts'

/** The settings are wrong; the message is one clear list. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(
      [
        `${problems.length} ${problems.length === 1 ? 'setting keeps' : 'settings keep'} Ashlar from starting:`,
        ...problems.map((problem) => `  - ${formatProblem(problem)}`),
      ].join('\n'),
    )
    this.problems = problems
  }
}

export type EnvironmentFile = {
  readonly values: NodeJS.Dict<string>
  readonly names: readonly string[]
}

/** Found here and not by the schema: settings know no room. */
const unknownAlertType: Problem = {
  name: 'ALERT_THRESHOLDS',
  kind: 'invalid',
  message: 'names a type of alert that does not exist',
  remedy: 'docs/monitoring.md lists them',
}

const unknownScope = (scope: string): Problem => ({
  name: 'ADMIN_SERVICE_TOKEN_SCOPES',
  kind: 'invalid',
  message: `names ${scope}, which ${whyNotForPrograms(scope) ?? 'is no permission'}`,
  remedy: `Use some of ${serviceScopes.join(', ')}`,
})

/** What `.env` in the working directory says; the real environment wins over it. */
export function readEnvironment(env: NodeJS.ProcessEnv, file = '.env'): EnvironmentFile {
  const own = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  return { values: { ...own, ...env }, names: Object.keys(own) }
}

/** Throws SettingsError with everything that is wrong at once. */
export function getConfig(environment: EnvironmentFile): Config {
  const loaded = loadConfig(environment.values, { ownNames: environment.names })
  if ('problems' in loaded) throw new SettingsError(loaded.problems)
  return loaded.config
}

/** Settles what development may leave open; throws SettingsError for types of alerts and permissions that there are not. */
export function settle(config: Config): Settings {
  const unknown = config.adminServiceTokenScopes.filter((scope) => !serviceScopes.includes(scope))
  const types = config.alertThresholds.map((text) => readAlertThreshold(text)?.type ?? '')
  const problems = [
    ...(types.every(isAlertType) ? [] : [unknownAlertType]),
    ...unknown.map(unknownScope),
  ]
  if (problems.length > 0) throw new SettingsError(problems)
  return { ...config, secretKey: config.secretKey ?? developmentSecretKey(config.ashlarDataDir) }
}
