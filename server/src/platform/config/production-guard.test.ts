import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatProblem } from './problem.ts'
import { envCheck, formatEnvCheck } from './report.ts'
import { configOf, givenGoodProduction, newSecret, problemsOf } from './testing.ts'

const good = givenGoodProduction()
const emptyHash = createHash('sha256').update('').digest('hex')

/** [what is wrong, how the good environment is changed, the setting that the one line names] */
const refusals: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
  ['no secret key', { SECRET_KEY: undefined }, 'SECRET_KEY'],
  ['an empty secret key', { SECRET_KEY: '' }, 'SECRET_KEY'],
  ['a short secret key', { SECRET_KEY: 'q8Zr2Lw9' }, 'SECRET_KEY'],
  ['a secret key of 31 characters', { SECRET_KEY: newSecret().slice(0, 31) }, 'SECRET_KEY'],
  ['the secret key "secret"', { SECRET_KEY: 'secret' }, 'SECRET_KEY'],
  ['a sample secret key', { SECRET_KEY: 'your-secret-key-at-least-32-characters' }, 'SECRET_KEY'],
  ['a secret key of one character', { SECRET_KEY: 'z'.repeat(48) }, 'SECRET_KEY'],
  ['a repeating secret key', { SECRET_KEY: 'fG5!'.repeat(12) }, 'SECRET_KEY'],
  ['a weak secret key under an alias', { SECRET_KEY: '', JWT_SECRET: 'changeme' }, 'SECRET_KEY'],
  ['a second, different secret key', { JWT_SECRET: newSecret() }, 'SECRET_KEY'],
  ['a short CSRF secret', { CSRF_SECRET: 'w7Tq2' }, 'CSRF_SECRET'],
  ['the same secret twice', { CSRF_SECRET: good['SECRET_KEY'] }, 'CSRF_SECRET'],
  [
    'an impersonation secret shared with another use',
    { ADMIN_IMPERSONATION_SECRET: good['CSRF_SECRET'] },
    'ADMIN_IMPERSONATION_SECRET',
  ],
  [
    'a sample impersonation secret',
    { ADMIN_IMPERSONATION_SECRET: 'changeme-impersonation-0000000000000' },
    'ADMIN_IMPERSONATION_SECRET',
  ],
  ['a weak unused refresh secret', { JWT_REFRESH_SECRET: 'refresh' }, 'JWT_REFRESH_SECRET'],
  ['tokens under a shared secret', { TOKEN_SIGNING_ALGORITHM: 'HS256' }, 'TOKEN_SIGNING_ALGORITHM'],
  ['a place to kill itself at', { ASHLAR_CRASH: 'payments.after_call' }, 'ASHLAR_CRASH'],
  [
    'a KMS without TLS',
    { TOKEN_KMS_KEY_ID: 'alias/tokens', TOKEN_KMS_ENDPOINT: 'http://kms.internal' },
    'TOKEN_KMS_ENDPOINT',
  ],
  [
    'an alert webhook without TLS',
    {
      ALERT_WEBHOOK_URL: 'http://hooks.ashlar.test',
      ALERT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    },
    'ALERT_WEBHOOK_URL',
  ],
  [
    'an alert webhook with a predictable secret',
    {
      ALERT_WEBHOOK_URL: 'https://hooks.ashlar.test',
      ALERT_WEBHOOK_SECRET: `whsec_${'A'.repeat(44)}`,
    },
    'ALERT_WEBHOOK_SECRET',
  ],
  [
    'an alert webhook without a secret',
    { ALERT_WEBHOOK_URL: 'https://hooks.ashlar.test' },
    'ALERT_WEBHOOK_SECRET',
  ],
  ['no encryption key', { ENCRYPTION_KEYS: undefined }, 'ENCRYPTION_KEYS'],
  ['a short encryption key', { ENCRYPTION_KEYS: 'k1:dG9vLXNob3J0' }, 'ENCRYPTION_KEYS'],
  [
    'an encryption key of zeros',
    { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` },
    'ENCRYPTION_KEYS',
  ],
  [
    'the hash of an empty service token',
    { ADMIN_SERVICE_TOKEN_HASH: emptyHash },
    'ADMIN_SERVICE_TOKEN_HASH',
  ],
  ['the plain service token', { ADMIN_SERVICE_TOKEN: newSecret() }, 'ADMIN_SERVICE_TOKEN'],
  ['no database', { DATABASE_URL: undefined }, 'DATABASE_URL'],
  [
    'a database with a default password',
    { DATABASE_URL: 'postgres://ashlar:postgres@db.internal/ashlar' },
    'DATABASE_URL',
  ],
  ['no public URL', { PUBLIC_URL: undefined }, 'PUBLIC_URL'],
  ['a public URL without TLS', { PUBLIC_URL: 'http://api.ashlar.test' }, 'PUBLIC_URL'],
  ['a frontend URL without TLS', { FRONTEND_URL: 'http://app.ashlar.test' }, 'FRONTEND_URL'],
  ['CORS for everyone', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  ['CORS for everyone among others', { CORS_ORIGINS: 'https://a.test,*' }, 'CORS_ORIGINS'],
  ['CORS for an origin without TLS', { CORS_ORIGINS: 'http://a.test' }, 'CORS_ORIGINS'],
  ['DEBUG=true', { DEBUG: 'true' }, 'DEBUG'],
  ['DEBUG=*', { DEBUG: '*' }, 'DEBUG'],
  ['proxies: *', { TRUSTED_PROXIES: '*' }, 'TRUSTED_PROXIES'],
  ['proxies: true', { TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES'],
  ['proxies: all of IPv4', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES'],
  ['proxies: all of IPv6', { TRUSTED_PROXIES: '::/0' }, 'TRUSTED_PROXIES'],
  ['no Stripe key', { STRIPE_SECRET_KEY: undefined }, 'STRIPE_SECRET_KEY'],
  ['a Stripe test key', { STRIPE_SECRET_KEY: `sk_test_${newSecret()}` }, 'STRIPE_SECRET_KEY'],
  [
    'a Stripe test key under an alias',
    { STRIPE_SECRET_KEY: '', STRIPE_SECRET: `rk_test_${newSecret()}` },
    'STRIPE_SECRET_KEY',
  ],
  [
    'a Stripe publishable key',
    { STRIPE_SECRET_KEY: `pk_live_${newSecret()}` },
    'STRIPE_SECRET_KEY',
  ],
  ['no webhook secret', { STRIPE_WEBHOOK_SECRET: undefined }, 'STRIPE_WEBHOOK_SECRET'],
  ['a short webhook secret', { STRIPE_WEBHOOK_SECRET: 'whsec_q7Kd' }, 'STRIPE_WEBHOOK_SECRET'],
  ['a checkout page without TLS', { STRIPE_SUCCESS_URL: 'http://a.test/ok' }, 'STRIPE_SUCCESS_URL'],
  ['a mail sink', { MAIL_DRIVER: 'capture' }, 'MAIL_DRIVER'],
  ['no way to send mail', { SENDGRID_API_KEY: undefined }, 'MAIL_DRIVER'],
  ['a sample mail key', { SENDGRID_API_KEY: 'SG.xxxxxxxxxxxxxxxx' }, 'SENDGRID_API_KEY'],
  ['no sender', { EMAIL_FROM: undefined }, 'EMAIL_FROM'],
  [
    'the demo login',
    { DEMO_LOGIN_ENABLED: 'yes', DEMO_EMAIL: 'demo@ashlar.test', DEMO_PASSWORD: newSecret() },
    'DEMO_LOGIN_ENABLED',
  ],
  ['passkeys of another domain', { PASSKEY_RP_ID: 'ashlar.example' }, 'PASSKEY_RP_ID'],
  ['passkeys of a host beside ours', { PASSKEY_RP_ID: 'api.ashlar.test' }, 'PASSKEY_RP_ID'],
  ['passkeys of a host below ours', { PASSKEY_RP_ID: 'a.app.ashlar.test' }, 'PASSKEY_RP_ID'],
  ['passkeys of a like-sounding domain', { PASSKEY_RP_ID: 'lar.test' }, 'PASSKEY_RP_ID'],
  ['new users as administrators', { DEFAULT_ROLE: 'super_admin' }, 'DEFAULT_ROLE'],
  ['new users who see everybody', { DEFAULT_ROLE: 'support' }, 'DEFAULT_ROLE'],
  ['twins', { TWINS_ENABLED: 'true' }, 'TWINS_ENABLED'],
  ['open metrics on the public port', { METRICS_PORT: '5000' }, 'METRICS_PORT'],
  ['a weak metrics token', { METRICS_TOKEN: 'metrics' }, 'METRICS_TOKEN'],
  ['cheap password hashes', { PASSWORD_HASH_MEMORY_KIB: '4096' }, 'PASSWORD_HASH_MEMORY_KIB'],
  ['a misspelt setting', { DATABSE_URL: 'postgres://x:canary-password@db/x' }, 'DATABSE_URL'],
]

describe('production', () => {
  test('starts with a good environment', () => {
    expect(configOf(good)).toMatchObject({
      isProduction: true,
      host: '0.0.0.0',
      apiDocs: false,
      mailDriver: 'sendgrid',
      storageDriver: 's3',
    })
    expect(envCheck(good).isOk).toBe(true)
  })

  test.each(refusals)('refuses %s with one line that names the setting', (_, change, name) => {
    const env = { ...good, ...change }
    const problems = problemsOf(env)
    expect(names(problems)).toEqual([name])

    const line = problems.map(formatProblem).join('\n')
    expect(line).toMatch(new RegExp(`^${name} [^\n]+\\. [^\n]+\\.$`))
    const shown = `${line}\n${formatEnvCheck(envCheck(env))}`
    expect(secretsIn(env).filter((secret) => shown.includes(secret))).toEqual([])
  })

  test('wants a second factor of who has power, unless it is told otherwise', () => {
    const { mfaRequiredRoles } = configOf(good)
    expect(mfaRequiredRoles).toEqual(['super_admin', 'admin', 'finance'])
    expect(configOf({}).mfaRequiredRoles).toEqual([])
    const loose = configOf({ ...good, MFA_REQUIRED_ROLES: 'none' })
    expect(loose.mfaRequiredRoles).toEqual(['none'])
  })

  test('lists every problem at once, never only the first', () => {
    const env = {
      ...good,
      SECRET_KEY: 'secret',
      CSRF_SECRET: 'changeme',
      ADMIN_IMPERSONATION_SECRET: 'changeme-impersonation',
      JWT_REFRESH_SECRET: 'refresh',
      ENCRYPTION_KEYS: 'k1:short',
      ADMIN_SERVICE_TOKEN_HASH: emptyHash,
      ADMIN_SERVICE_TOKEN: 'admin',
      DATABASE_URL: undefined,
      PUBLIC_URL: 'http://api.ashlar.test',
      FRONTEND_URL: 'http://app.ashlar.test',
      CORS_ORIGINS: '*',
      DEBUG: '1',
      TRUSTED_PROXIES: '*',
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_WEBHOOK_SECRET: undefined,
      SENDGRID_API_KEY: undefined,
      EMAIL_FROM: undefined,
      DEMO_LOGIN_ENABLED: 'true',
      TWINS_ENABLED: 'true',
      METRICS_PORT: '5000',
      DATABSE_URL: 'postgres://db/ashlar',
    }
    expect(names(problemsOf(env)).toSorted()).toEqual([
      'ADMIN_IMPERSONATION_SECRET',
      'ADMIN_SERVICE_TOKEN',
      'ADMIN_SERVICE_TOKEN_HASH',
      'CORS_ORIGINS',
      'CSRF_SECRET',
      'DATABASE_URL',
      'DATABSE_URL',
      'DEBUG',
      'DEMO_EMAIL',
      'DEMO_LOGIN_ENABLED',
      'DEMO_PASSWORD',
      'EMAIL_FROM',
      'ENCRYPTION_KEYS',
      'FRONTEND_URL',
      'JWT_REFRESH_SECRET',
      'MAIL_DRIVER',
      'METRICS_PORT',
      'PUBLIC_URL',
      'SECRET_KEY',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'TRUSTED_PROXIES',
      'TWINS_ENABLED',
    ])
  })

  test('an empty environment names everything that has to be set', () => {
    expect(names(problemsOf({ NODE_ENV: 'production' }))).toEqual([
      'PUBLIC_URL',
      'DATABASE_URL',
      'SECRET_KEY',
      'ENCRYPTION_KEYS',
      'EMAIL_FROM',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'MAIL_DRIVER',
    ])
  })

  test('needs no payment keys when payments are switched off', () => {
    const env = {
      ...good,
      STRIPE_SECRET_KEY: '',
      STRIPE_WEBHOOK_SECRET: '',
      PAYMENTS_ENABLED: 'off',
    }
    expect(configOf(env).paymentsEnabled).toBe(false)
  })

  test('serves metrics on the public port behind a token', () => {
    expect(
      configOf({ ...good, METRICS_PORT: '5000', METRICS_TOKEN: newSecret() }).metricsPort,
    ).toBe(5000)
  })

  test('sends over SMTP when that is what is configured', () => {
    expect(configOf({ ...good, SMTP_URL: 'smtps://mail.ashlar.test' }).mailDriver).toBe('smtp')
  })

  test('none of it is asked for outside production', () => {
    expect(problemsOf({ SECRET_KEY: 'secret', CSRF_SECRET: 'secret', DEBUG: '1' })).toEqual([])
  })
})

/** The values that must never appear in a message: secret settings, and passwords inside URLs. */
function secretsIn(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    const password = URL.canParse(value) ? new URL(value).password : ''
    const isSecret = /SECRET|KEY|TOKEN|PASSWORD/.test(name) && !name.endsWith('_KIB')
    return [password, isSecret ? value : ''].filter((secret) => secret !== '')
  })
}

function names(problems: readonly { readonly name: string }[]): string[] {
  return problems.map(({ name }) => name)
}
