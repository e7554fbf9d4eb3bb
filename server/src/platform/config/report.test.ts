import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { redactUrl } from './redact.ts'
import { envCheck, envPrint, formatEnvCheck, formatEnvPrint } from './report.ts'
import { allSettings } from './settings.ts'
import { configOf } from './testing.ts'

describe('env check', () => {
  test('sorts what is wrong and names the canonical spelling of each alias', () => {
    const check = envCheck({
      ENVIRONMENT: 'production',
      JWT_SECRET: 'secret',
      PORT: 'http',
      STRIPE_SECRET: 'sk_test_1',
      CORS_ORIGIN: 'https://a.test',
      CORS_ORIGINS: 'https://b.test',
      REDIS_ULR: 'redis://localhost',
    })
    expect(check).toMatchObject({ isOk: false, mode: 'production' })
    expect(names(check.missing)).toContain('DATABASE_URL')
    expect(names(check.weak)).toEqual(['SECRET_KEY'])
    expect(names(check.invalid)).toEqual(['PORT'])
    expect(names(check.unsafe)).toEqual(['STRIPE_SECRET_KEY'])
    expect(names(check.conflicting)).toEqual(['CORS_ORIGINS'])
    expect(check.unknown).toMatchObject([{ name: 'REDIS_ULR', nearest: 'REDIS_URL' }])
    expect(check.aliases).toContainEqual({ used: 'JWT_SECRET', canonical: 'SECRET_KEY' })

    const text = formatEnvCheck(check)
    expect(text).toContain('JWT_SECRET is read as SECRET_KEY')
    expect(text).toContain('SECRET_KEY (given as JWT_SECRET) is a well-known default')
    expect(text).toContain('Did you mean REDIS_URL?')
    expect(text).toMatch(/production: the server will not start$/)
  })

  test('says when all is well', () => {
    expect(formatEnvCheck(envCheck({}))).toBe('development: all settings are good')
  })
})

describe('env print', () => {
  const canary = `canary${randomBytes(16).toString('hex')}`

  test('shows every setting once and no secret', () => {
    const env = {
      SECRET_KEY: canary,
      CSRF_SECRET: canary,
      METRICS_TOKEN: canary,
      SMTP_PASSWORD: canary,
      SMTP_USER: 'mailer',
      AWS_ACCESS_KEY_ID: canary,
      AWS_SECRET_ACCESS_KEY: canary,
      OPENAI_API_KEY: canary,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      DATABASE_URL: `postgres://ashlar:${canary}@localhost:5432/ashlar?sslpassword=${canary}`,
      REDIS_URL: `redis://:${canary}@localhost:6379/1`,
      SENTRY_DSN: `https://${canary}@sentry.test/1`,
      REQUEST_TIMEOUT: '90',
    }
    const rows = envPrint(configOf(env))
    expect(rows.map(({ name }) => name)).toEqual(allSettings.map(({ name }) => name))

    const text = formatEnvPrint(rows)
    expect(text).not.toContain(canary)
    expect(text).not.toContain(env.ENCRYPTION_KEYS.slice(3))
    expect(text).toMatch(/^SECRET_KEY +••••$/m)
    expect(text).toMatch(
      /^DATABASE_URL +postgres:\/\/••••@localhost:5432\/ashlar\?sslpassword=••••$/m,
    )
    expect(text).toMatch(/^REQUEST_TIMEOUT +90s$/m)
    expect(text).toMatch(/^REDIS_URL +redis:\/\/••••@localhost:6379\/1$/m)
    expect(text).toMatch(/^LOG_DIR +\(unset\)$/m)
  })

  test('a URL without credentials is shown as it is, and what is no URL is masked', () => {
    expect(redactUrl('https://app.test/a?b=c')).toBe('https://app.test/a?b=c')
    expect(redactUrl(`no url ${canary}`)).toBe('••••')
  })
})

function names(problems: readonly { readonly name: string }[]): string[] {
  return problems.map(({ name }) => name)
}
