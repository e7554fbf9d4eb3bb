import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest'
import type { Config } from './settings.ts'
import { configOf, problemsOf } from './testing.ts'

const directory = mkdtempSync(join(tmpdir(), 'ashlar-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

function encryptionKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`
}

function givenFile(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const kms = { TOKEN_KMS_KEY_ID: 'alias/tokens', AWS_REGION: 'eu-central-1' }

describe('defaults', () => {
  test('an empty environment gives a complete development config', () => {
    expect(configOf({})).toMatchObject({
      nodeEnv: 'development',
      isDevelopment: true,
      isProduction: false,
      host: '127.0.0.1',
      port: 5000,
      publicUrl: 'http://localhost:5000',
      frontendUrl: 'http://localhost:5000',
      corsOrigins: ['http://localhost:5000'],
      roles: ['api', 'worker', 'realtime'],
      mailDriver: 'capture',
      storageDriver: 'local',
      secretKey: undefined,
      databaseUrl: undefined,
      refreshTokenExpiry: 604_800,
    })
  })

  test('the config cannot be changed after it was read', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true)
  })

  test('defaults follow the settings they are worked out from', () => {
    expect(configOf({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
    const config = configOf({ FRONTEND_URL: 'http://localhost:3000/app/', SMTP_PORT: '465' })
    expect(config.frontendUrl).toBe('http://localhost:3000/app')
    expect(config.corsOrigins).toEqual(['http://localhost:3000'])
    expect(config.smtpSecure).toBe(true)
    expect(configOf({ S3_BUCKET_NAME: 'files', AWS_REGION: 'auto' }).storageDriver).toBe('s3')
    expect(configOf({ NODE_ENV: 'test' })).toMatchObject({
      twinsEnabled: false,
      isDevelopment: false,
    })
  })

  test('mail credentials on a developer’s machine send nothing until MAIL_DRIVER says so', () => {
    expect(configOf({ SMTP_HOST: 'mail.test' }).mailDriver).toBe('capture')
    expect(configOf({ SMTP_HOST: 'mail.test', MAIL_DRIVER: 'smtp' }).mailDriver).toBe('smtp')
  })

  test('the types say which settings may be unset', () => {
    expectTypeOf<Config['secretKey']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Config['publicUrl']>().toEqualTypeOf<string>()
    expectTypeOf<Config['s3BucketName']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Config['otelExporterOtlpEndpoint']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Config['requestTimeout']>().toEqualTypeOf<number>()
    expectTypeOf<Config['registrationMode']>().toEqualTypeOf<'verified' | 'instant' | 'closed'>()
    expectTypeOf<Config['roles'][number]>().toEqualTypeOf<'api' | 'worker' | 'realtime'>()
  })
})

describe('values', () => {
  test.each([
    ['true', true],
    ['1', true],
    ['YES', true],
    ['On', true],
    ['false', false],
    ['0', false],
    ['no', false],
    ['OFF', false],
  ])('%s is read as the boolean %s', (text, expected) => {
    expect(configOf({ RATE_LIMIT_ENABLED: text }).rateLimitEnabled).toBe(expected)
  })

  test('an empty value counts as unset', () => {
    expect(configOf({ PORT: '', REDIS_URL: ' ', SECRET_KEY: '' })).toMatchObject({
      port: 5000,
      redisUrl: undefined,
      secretKey: undefined,
    })
  })

  test('a bare number is seconds', () => {
    expect(
      configOf({ GUNICORN_TIMEOUT: '120', AUTH_RATE_LIMIT_WINDOW_SECONDS: '90' }),
    ).toMatchObject({
      requestTimeout: 120,
      authRateLimitWindowSeconds: 90,
    })
  })

  test('DEBUG=express:* means on, as other programs use that name', () => {
    expect(configOf({ DEBUG: 'express:*' }).debug).toBe(true)
    expect(configOf({ DEBUG: '0' }).debug).toBe(false)
  })

  test.each([
    ['NODE_ENV', 'staging'],
    ['PORT', '70000'],
    ['PORT', '5e3'],
    ['PORT', 'tcp://10.0.0.1:5000'],
    ['RATE_LIMIT_ENABLED', 'maybe'],
    ['REQUEST_TIMEOUT', 'soon'],
    ['REQUEST_TIMEOUT', '9d'],
    ['DB_LOCK_TIMEOUT', '500ms'],
    ['PASSWORD_MIN_LENGTH', '7'],
    ['PASSWORD_MIN_LENGTH', '65'],
    ['PUBLIC_URL', 'api.test'],
    ['PUBLIC_URL', 'ftp://api.test'],
    ['PUBLIC_URL', 'https://user:pw@api.test'],
    ['DATABASE_URL', 'mysql://db/ashlar'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://app.test/path'],
    ['ROLES', 'api,cook'],
    ['ROLES', ','],
    ['EMAIL_FROM', 'nobody'],
    ['ENCRYPTION_KEYS', 'k1:c2hvcnQ='],
    ['ENCRYPTION_KEYS', `${encryptionKey('k1')},${encryptionKey('k1')}`],
    ['ADMIN_SERVICE_TOKEN_HASH', 'plain-token'],
    ['TRUSTED_PROXIES', 'proxy.internal'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '*'],
    ['TRUSTED_PROXIES', 'true'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '0.0.0.0/1,128.0.0.0/1'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TRUSTED_PROXIES', '::ffff:0:0/96'],
    ['TRUSTED_PROXIES', '::/64'],
  ])('%s=%s is refused in every mode', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.objectContaining({ name })])
  })

  test('tokens are signed with EdDSA, with RS256 where KMS signs, and with a shared secret only when told', () => {
    expect(configOf({}).tokenSigningAlgorithm).toBe('EdDSA')
    expect(configOf(kms).tokenSigningAlgorithm).toBe('RS256')
    expect(configOf({ TOKEN_SIGNING_ALGORITHM: 'hs256' }).tokenSigningAlgorithm).toBe('HS256')
    for (const other of ['none', 'ES256', 'HS512'])
      expect(problemsOf({ TOKEN_SIGNING_ALGORITHM: other })).toHaveLength(1)
  })

  test('several encryption keys are accepted in the order given', () => {
    const keys = [encryptionKey('k2'), encryptionKey('k1')]
    expect(configOf({ ENCRYPTION_KEYS: keys.join(',') }).encryptionKeys).toEqual(keys)
  })

  test('addresses and private networks of proxies are accepted', () => {
    const proxies = ['127.0.0.1', '10.0.0.0/8', '::1', 'fc00::/7', '::ffff:10.0.0.0/104']
    expect(configOf({ TRUSTED_PROXIES: proxies.join(', ') }).trustedProxies).toEqual(proxies)
  })

  test.each([
    [{ ACCESS_TOKEN_EXPIRY: '2h', REFRESH_TOKEN_EXPIRY: '1h' }, 'ACCESS_TOKEN_EXPIRY'],
    [{ SESSION_IDLE_EXPIRY: '60d' }, 'SESSION_IDLE_EXPIRY'],
    [{ MAIL_DRIVER: 'smtp' }, 'SMTP_URL'],
    [{ MAIL_DRIVER: 'sendgrid' }, 'SENDGRID_API_KEY'],
    [{ SMTP_URL: 'smtp://mail.test', SMTP_HOST: 'mail.test' }, 'SMTP_URL'],
    [{ STORAGE_DRIVER: 's3', AWS_REGION: 'auto' }, 'S3_BUCKET_NAME'],
    [{ S3_BUCKET_NAME: 'files' }, 'AWS_REGION'],
    [{ AWS_ACCESS_KEY_ID: 'id' }, 'AWS_SECRET_ACCESS_KEY'],
    [{ TOKEN_KMS_KEY_ID: 'alias/tokens' }, 'AWS_REGION'],
    [{ TOKEN_KMS_ENDPOINT: 'https://kms.test' }, 'TOKEN_KMS_KEY_ID'],
    [{ ...kms, TOKEN_SIGNING_ALGORITHM: 'EdDSA' }, 'TOKEN_SIGNING_ALGORITHM'],
    [{ ...kms, TOKEN_SIGNING_ALGORITHM: 'HS256' }, 'TOKEN_SIGNING_ALGORITHM'],
    [{ ...kms, TOKEN_KEY_ROTATION: '90d' }, 'TOKEN_KEY_ROTATION'],
    [{ COGNITO_CLIENT_ID: 'abc' }, 'COGNITO_USER_POOL_ID'],
    [{ DATABASE_OWNER_URL: 'postgres://db/ashlar' }, 'DATABASE_URL'],
    [{ DEMO_LOGIN_ENABLED: 'true', DEMO_EMAIL: 'demo@ashlar.test' }, 'DEMO_PASSWORD'],
    [{ ADMIN_SERVICE_TOKEN_SCOPES: 'users.read_any' }, 'ADMIN_SERVICE_TOKEN_HASH'],
  ])('%j contradicts itself', (env, name) => {
    expect(problemsOf(env)).toEqual([expect.objectContaining({ name })])
  })
})

describe('the domain of passkeys', () => {
  test.each([
    [{}, 'localhost'],
    [{ PUBLIC_URL: 'https://api.ashlar.test:8443' }, 'api.ashlar.test'],
    [{ PUBLIC_URL: 'https://api.ashlar.test', FRONTEND_URL: 'https://ashlar.test' }, 'ashlar.test'],
    [{ FRONTEND_URL: 'https://app.ashlar.test', PASSKEY_RP_ID: 'ashlar.test' }, 'ashlar.test'],
  ])('%j makes it %s', (env, domain) => {
    expect(configOf(env).passkeyRpId).toBe(domain)
  })

  test.each([
    'test',
    'https://ashlar.test',
    'ashlar.test:443',
    'Ashlar.test',
    '-a.test',
    '10.0.0.1',
  ])('is not %s', (text) => {
    expect(problemsOf({ PASSKEY_RP_ID: text })).toMatchObject([{ name: 'PASSKEY_RP_ID' }])
  })
})

describe('aliases', () => {
  test.each([
    ['ENVIRONMENT', 'test', 'nodeEnv', 'test'],
    ['CORS_ORIGIN', 'http://localhost:3000', 'corsOrigins', ['http://localhost:3000']],
    ['GUNICORN_WORKERS', '3', 'webConcurrency', 3],
    ['GUNICORN_TIMEOUT', '45', 'requestTimeout', 45],
    ['JWT_SECRET', 'one', 'secretKey', 'one'],
    ['SESSION_SECRET', 'two', 'secretKey', 'two'],
    ['STRIPE_SECRET', 'sk_test_1', 'stripeSecretKey', 'sk_test_1'],
  ] as const)('%s is accepted', (alias, text, key, value) => {
    expect(configOf({ [alias]: text })[key]).toEqual(value)
  })

  test('two spellings with different values are refused, and neither value is shown', () => {
    const [problem, ...more] = problemsOf({
      JWT_SECRET: 'canary-one',
      SESSION_SECRET: 'canary-two',
    })
    expect(more).toEqual([])
    expect(problem).toMatchObject({ name: 'SECRET_KEY', kind: 'conflict' })
    expect(problem?.message).toContain('JWT_SECRET and SESSION_SECRET')
    expect(JSON.stringify(problem)).not.toContain('canary')
  })

  test('two spellings that mean the same value are accepted', () => {
    expect(configOf({ REQUEST_TIMEOUT: '1m', GUNICORN_TIMEOUT: '60' }).requestTimeout).toBe(60)
  })
})

describe('values in files', () => {
  test('NAME_FILE reads the value and drops line breaks at its end', () => {
    const path = givenFile('secret', ' keeps its spaces \r\n')
    expect(configOf({ SECRET_KEY_FILE: path }).secretKey).toBe(' keeps its spaces ')
  })

  test('an alias has its _FILE variable too', () => {
    expect(
      configOf({ STRIPE_SECRET_FILE: givenFile('stripe', 'sk_test_2\n') }).stripeSecretKey,
    ).toBe('sk_test_2')
  })

  test('an empty file counts as unset', () => {
    expect(configOf({ SECRET_KEY_FILE: givenFile('empty', '\n') }).secretKey).toBeUndefined()
  })

  test('a value given directly and by file is refused, even when both agree', () => {
    const env = { PORT: '5001', PORT_FILE: givenFile('port', '5001') }
    expect(problemsOf(env)).toEqual([expect.objectContaining({ name: 'PORT', kind: 'conflict' })])
  })

  test('a file that is not there is one problem that names the variable', () => {
    const env = { JWT_SECRET_FILE: join(directory, 'absent') }
    expect(problemsOf(env)).toEqual([
      expect.objectContaining({ name: 'SECRET_KEY', kind: 'invalid', givenAs: 'JWT_SECRET_FILE' }),
    ])
  })
})
