/** What production refuses, all at once: each setting's own production rule, and the rules between settings. */
import type { Reading } from './contradictions.ts'
import type { Problem } from './problem.ts'
import { allSettings, type NamedSetting, type SettingName } from './settings.ts'

export function findProductionProblems(reading: Reading): Problem[] {
  return [
    ...allSettings.flatMap((setting) => findOwnProblems(setting, reading)),
    ...findIdenticalSecrets(reading),
    ...findMissingPaymentKeys(reading),
    ...findMailProblems(reading),
    ...findOpenMetrics(reading),
    ...findMisplacedToken(reading),
    ...findForeignPasskeys(reading),
  ]
}

/** Defaults are not examined: where one breaks a rule, the setting it was worked out from is reported. */
function findOwnProblems(setting: NamedSetting, { values, isGiven }: Reading): Problem[] {
  const { name, production } = setting
  if (production?.isRequired && !isGiven(name)) return [missing(setting)]
  const value = values[setting.key]
  if (value === undefined || !isGiven(name)) return []
  const complaint = production?.complaint?.(value)
  return complaint ? [{ name, ...complaint }] : []
}

function missing({ name, isSecret, example }: NamedSetting): Problem {
  const making =
    name === 'ENCRYPTION_KEYS' ? 'echo "k1:$(openssl rand -base64 32)"' : 'openssl rand -base64 48'
  const remedy = isSecret ? `Make one with: ${making}` : `Set it, for example to ${example ?? '…'}`
  return { name, kind: 'missing', message: 'is missing', remedy }
}

/** One leaked secret must not open a second door. */
function findIdenticalSecrets({ values }: Reading): Problem[] {
  const firstHolder = new Map<string, SettingName>()
  return allSettings.flatMap(({ name, key, kind }): Problem[] => {
    const value = values[key]
    if (kind !== 'secret' || typeof value !== 'string') return []
    const holder = firstHolder.get(value)
    if (holder === undefined) {
      firstHolder.set(value, name)
      return []
    }
    return [
      {
        name,
        kind: 'weak',
        message: `has the same value as ${holder}`,
        remedy: 'Give each its own: openssl rand -base64 48',
      },
    ]
  })
}

function findMissingPaymentKeys({ values, isGiven }: Reading): Problem[] {
  if (!values.paymentsEnabled) return []
  return (['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] as const)
    .filter((name) => !isGiven(name))
    .map((name) => ({
      name,
      kind: 'missing',
      message: 'is missing',
      remedy: 'Set it, or PAYMENTS_ENABLED=false in a product without payments',
    }))
}

function findMailProblems({ values, isGiven }: Reading): Problem[] {
  if (values.mailDriver !== 'capture') return []
  const remedy = 'Set SMTP_URL, SMTP_HOST or SENDGRID_API_KEY'
  return [
    isGiven('MAIL_DRIVER')
      ? {
          name: 'MAIL_DRIVER',
          kind: 'unsafe',
          message: 'captures mail instead of sending it',
          remedy,
        }
      : { name: 'MAIL_DRIVER', kind: 'missing', message: 'finds no way to send mail', remedy },
  ]
}

function findOpenMetrics({ values, isGiven }: Reading): Problem[] {
  if (values.metricsPort !== values.port || isGiven('METRICS_TOKEN')) return []
  if (values.port === undefined) return []
  return [
    {
      name: 'METRICS_PORT',
      kind: 'unsafe',
      message: 'is the public port, and METRICS_TOKEN is not set',
      remedy: 'Choose another port or set METRICS_TOKEN',
    },
  ]
}

/** The backend checks the token by its hash; holding both undoes the point of the hash. */
function findMisplacedToken({ isGiven }: Reading): Problem[] {
  if (!isGiven('ADMIN_SERVICE_TOKEN')) return []
  return [
    {
      name: 'ADMIN_SERVICE_TOKEN',
      kind: 'unsafe',
      message: 'belongs to the admin application only',
      remedy: 'Remove it here and set ADMIN_SERVICE_TOKEN_HASH',
    },
  ]
}

/** Browsers let a page use the passkeys of its own host and of the domains above it, and no others. */
function findForeignPasskeys({ values, isGiven }: Reading): Problem[] {
  const { passkeyRpId, frontendUrl } = values
  if (!isGiven('PASSKEY_RP_ID') || passkeyRpId === undefined || frontendUrl === undefined) return []
  const host = new URL(frontendUrl).hostname
  if (host === passkeyRpId || host.endsWith(`.${passkeyRpId}`)) return []
  return [
    {
      name: 'PASSKEY_RP_ID',
      kind: 'conflict',
      message: 'is neither the host of FRONTEND_URL nor a domain above it',
      remedy: 'Set it to one of them, or remove it',
    },
  ]
}
