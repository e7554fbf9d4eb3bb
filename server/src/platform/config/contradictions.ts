/** Settings that cannot hold together, in any mode. */
import { isDeepStrictEqual } from 'node:util'
import type { Problem } from './problem.ts'
import { defaultForm } from './setting.ts'
import { type SettingName, type Settings, allSettings } from './settings.ts'

/** What rules between settings look at: what could be read, and which names were given at all. */
export type Reading = {
  /** Values read or defaulted; a setting that could not be read is absent. */
  readonly values: Partial<Settings>
  readonly isGiven: (name: SettingName) => boolean
}

/** [setting, what it needs]: alone it would silently do nothing, or act on the wrong system. */
const NEEDS: readonly (readonly [SettingName, SettingName])[] = [
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'],
  ['TOKEN_KMS_KEY_ID', 'AWS_REGION'],
  ['TOKEN_KMS_ENDPOINT', 'TOKEN_KMS_KEY_ID'],
  ['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID'],
  ['COGNITO_CLIENT_ID', 'COGNITO_USER_POOL_ID'],
  ['COGNITO_CLIENT_SECRET', 'COGNITO_CLIENT_ID'],
  ['COGNITO_ISSUER', 'COGNITO_USER_POOL_ID'],
  ['OIDC_GOOGLE_CLIENT_ID', 'OIDC_GOOGLE_CLIENT_SECRET'],
  ['OIDC_GOOGLE_CLIENT_SECRET', 'OIDC_GOOGLE_CLIENT_ID'],
  ['OIDC_GITHUB_CLIENT_ID', 'OIDC_GITHUB_CLIENT_SECRET'],
  ['OIDC_GITHUB_CLIENT_SECRET', 'OIDC_GITHUB_CLIENT_ID'],
  ['SMTP_USER', 'SMTP_PASSWORD'],
  ['SMTP_PASSWORD', 'SMTP_USER'],
  ['ADMIN_SERVICE_USER_ID', 'ADMIN_SERVICE_TOKEN_HASH'],
  ['ADMIN_SERVICE_TOKEN_SCOPES', 'ADMIN_SERVICE_TOKEN_HASH'],
  ['DATABASE_OWNER_URL', 'DATABASE_URL'],
  ['ALERT_WEBHOOK_URL', 'ALERT_WEBHOOK_SECRET'],
  ['ALERT_WEBHOOK_SECRET', 'ALERT_WEBHOOK_URL'],
]

/** [shorter, longer]: the first may not outlast the second. */
const ORDERED_LIFETIMES: readonly (readonly [SettingName, SettingName])[] = [
  ['ACCESS_TOKEN_EXPIRY', 'REFRESH_TOKEN_EXPIRY'],
  ['SESSION_IDLE_EXPIRY', 'SESSION_ABSOLUTE_EXPIRY'],
]

export function findContradictions(reading: Reading): Problem[] {
  return [
    ...findUnmetNeeds(reading),
    ...findDisorderedLifetimes(reading.values),
    ...findDriverContradictions(reading),
    ...findDemoContradictions(reading),
    ...findMetricsContradictions(reading),
    ...findTokenContradictions(reading),
  ]
}

/** One process cannot tell what the others counted, and on the public port figures need a lock. */
function findMetricsContradictions({ values, isGiven }: Reading): Problem[] {
  if (values.metricsPort !== values.port) return []
  const problems: Problem[] = []
  if (!isGiven('METRICS_TOKEN') && values.nodeEnv !== 'production')
    problems.push(missing('METRICS_TOKEN', 'is missing although METRICS_PORT is PORT', 'Set it'))
  if ((values.webConcurrency ?? 1) > 1)
    problems.push(
      conflict(
        'METRICS_PORT',
        'is PORT although WEB_CONCURRENCY is more than 1',
        'Give metrics a port of their own',
      ),
    )
  return problems
}

/** Keys of KMS are RSA keys, and made in KMS: settings for keys of our own would do nothing. */
function findTokenContradictions({ values, isGiven }: Reading): Problem[] {
  if (!isGiven('TOKEN_KMS_KEY_ID')) return []
  const { tokenSigningAlgorithm: algorithm } = values
  const problems: Problem[] = []
  if (algorithm !== undefined && algorithm !== 'RS256') {
    const message = `is ${algorithm} although TOKEN_KMS_KEY_ID is set`
    problems.push(conflict('TOKEN_SIGNING_ALGORITHM', message, 'Remove one of the two'))
  }
  if (isGiven('TOKEN_KEY_ROTATION')) {
    const message = 'is set although KMS keeps the keys'
    problems.push(conflict('TOKEN_KEY_ROTATION', message, 'Rotate by hand: ashlar keys rotate'))
  }
  return problems
}

function findUnmetNeeds({ values, isGiven }: Reading): Problem[] {
  return NEEDS.flatMap(([name, needed]) => {
    if (!isGiven(name) || isGiven(needed) || isAsByDefault(name, values)) return []
    return [missing(needed, `is missing although ${name} is set`, 'Set both or neither')]
  })
}

/** Whether nobody can have meant anything by it: it says what would hold without it. */
function isAsByDefault(name: SettingName, values: Partial<Settings>): boolean {
  const setting = allSettings.find((each) => each.name === name)
  if (!setting) return false
  const given = defaultForm(setting)
  return given.form === 'value' && isDeepStrictEqual(values[setting.key], given.value)
}

function findDisorderedLifetimes(values: Partial<Settings>): Problem[] {
  const lifetimes: Partial<Record<SettingName, number | undefined>> = {
    ACCESS_TOKEN_EXPIRY: values.accessTokenExpiry,
    REFRESH_TOKEN_EXPIRY: values.refreshTokenExpiry,
    SESSION_IDLE_EXPIRY: values.sessionIdleExpiry,
    SESSION_ABSOLUTE_EXPIRY: values.sessionAbsoluteExpiry,
  }
  return ORDERED_LIFETIMES.flatMap(([shorter, longer]) => {
    if ((lifetimes[shorter] ?? 0) <= (lifetimes[longer] ?? Infinity)) return []
    return [conflict(shorter, `is longer than ${longer}`, `Shorten it or lengthen ${longer}`)]
  })
}

function findDriverContradictions({ values, isGiven }: Reading): Problem[] {
  const problems: Problem[] = []
  if (isGiven('SMTP_URL') && isGiven('SMTP_HOST')) {
    problems.push(conflict('SMTP_URL', 'is set together with SMTP_HOST', 'Keep one of the two'))
  }
  if (values.mailDriver === 'smtp' && !isGiven('SMTP_URL') && !isGiven('SMTP_HOST')) {
    problems.push(
      missing('SMTP_URL', 'is missing although MAIL_DRIVER is smtp', 'Set it or SMTP_HOST'),
    )
  }
  if (values.mailDriver === 'sendgrid' && !isGiven('SENDGRID_API_KEY')) {
    const message = 'is missing although MAIL_DRIVER is sendgrid'
    problems.push(missing('SENDGRID_API_KEY', message, 'Set it or choose another MAIL_DRIVER'))
  }
  if (values.storageDriver !== 's3') return problems

  for (const name of ['S3_BUCKET_NAME', 'AWS_REGION'] as const) {
    if (isGiven(name)) continue
    problems.push(missing(name, 'is missing although files are kept in S3', 'Set it'))
  }
  return problems
}

function findDemoContradictions({ values, isGiven }: Reading): Problem[] {
  if (!values.demoLoginEnabled) return []
  return (['DEMO_EMAIL', 'DEMO_PASSWORD'] as const)
    .filter((name) => !isGiven(name))
    .map((name) => missing(name, 'is missing although DEMO_LOGIN_ENABLED is on', 'Set it'))
}

function missing(name: SettingName, message: string, remedy: string): Problem {
  return { name, kind: 'missing', message, remedy }
}

function conflict(name: SettingName, message: string, remedy: string): Problem {
  return { name, kind: 'conflict', message, remedy }
}
