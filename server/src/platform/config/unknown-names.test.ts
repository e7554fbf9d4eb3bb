import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'
import { formatProblem } from './problem.ts'
import { allSettings } from './settings.ts'
import { problemsOf } from './testing.ts'

describe('unknown variables', () => {
  test.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['SECRETKEY', 'SECRET_KEY'],
    ['STRIPE_WEBHOK_SECRET', 'STRIPE_WEBHOOK_SECRET'],
    ['STRIPE_WEBHOOK_SERCET_FILE', 'STRIPE_WEBHOOK_SECRET_FILE'],
    ['OTEL_EXPORTER_OLTP_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ['AWS_REIGON', 'AWS_REGION'],
    ['log_level', 'LOG_LEVEL'],
    ['ASHLAR_DATADIR', 'ASHLAR_DATA_DIR'],
  ])('%s is reported with its nearest name', (name, nearest) => {
    const problems = problemsOf({ [name]: 'canary' })
    expect(problems).toEqual([expect.objectContaining({ name, kind: 'unknown', nearest })])
    expect(problems.map(formatProblem).join()).not.toContain('canary')
  })

  test('a made-up name with our prefix is reported', () => {
    expect(problemsOf({ ASHLAR_SPEED: 'fast' })).toEqual([
      expect.objectContaining({ name: 'ASHLAR_SPEED', kind: 'unknown' }),
    ])
  })

  test('the environment of a shell, a container, a cluster and a build is left alone', () => {
    const names = `PATH HOME USER SHELL LANG LC_ALL TZ TERM PWD OLDPWD SHLVL LOGNAME HOSTNAME EDITOR PAGER MAIL DISPLAY TMPDIR CI
      NODE_OPTIONS NODE_PATH NODE_VERSION YARN_VERSION NODE_EXTRA_CA_CERTS npm_config_cache npm_package_name npm_lifecycle_event
      GITHUB_ACTIONS GITHUB_TOKEN RUNNER_OS VITEST VITEST_WORKER_ID TEST MODE PROD DEV BASE_URL POSTGRES_PASSWORD PGHOST PGUSER
      AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_REGION AWS_EXECUTION_ENV OTEL_RESOURCE_ATTRIBUTES OTEL_EXPORTER_OTLP_HEADERS
      SENTRY_RELEASE SENTRY_ORG REDIS_HOST REDIS_PORT POST HOSTS PORTS HTTP_PROXY https_proxy SSH_AUTH_SOCK XDG_RUNTIME_DIR
      KUBERNETES_SERVICE_HOST KUBERNETES_PORT_443_TCP_ADDR ASHLAR_SERVICE_HOST ASHLAR_SERVICE_PORT_HTTP ASHLAR_PORT_5000_TCP`
    const env = Object.fromEntries(names.split(/\s+/).map((name) => [name, 'anything']))
    expect(problemsOf({ ...env, ASHLAR_PORT: 'tcp://10.0.0.1:5000' })).toEqual([])
  })

  test('in a file of our own every name must be a setting', () => {
    const env = { CACHE_SIZE: '5', PORT: '5001', NODE_OPTIONS: '--inspect', POSTGRES_USER: 'x' }
    const ownNames = Object.keys(env)
    expect(problemsOf(env, { ownNames }).map(({ name }) => name)).toEqual(['CACHE_SIZE'])
    expect(problemsOf(env)).toEqual([])
  })

  test('every name the five write-ups use is known', () => {
    const names =
      `DATABASE_URL AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY S3_BUCKET_NAME COGNITO_USER_POOL_ID
      COGNITO_CLIENT_ID OPENAI_API_KEY FRONTEND_URL STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET STRIPE_SUCCESS_URL STRIPE_CANCEL_URL
      ADMIN_SERVICE_TOKEN_HASH ADMIN_SERVICE_TOKEN ADMIN_SERVICE_USER_ID ADMIN_IMPERSONATION_SECRET JWT_SECRET JWT_REFRESH_SECRET
      REFRESH_TOKEN_EXPIRY SENDGRID_API_KEY EMAIL_FROM STRIPE_SECRET REDIS_URL SENTRY_DSN NODE_ENV CORS_ORIGIN PORT API_VERSION
      SECRET_KEY ENVIRONMENT GUNICORN_WORKERS GUNICORN_TIMEOUT DB_POOL_SIZE DB_MAX_OVERFLOW DB_POOL_TIMEOUT DB_POOL_RECYCLE
      RATE_LIMIT_ENABLED AUTH_RATE_LIMIT_REQUESTS AUTH_RATE_LIMIT_WINDOW_SECONDS CSRF_SECRET`.split(
        /\s+/,
      )
    const known = new Set(allSettings.flatMap(({ name, aliases }) => [name, ...aliases]))
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })

  test('no accepted spelling belongs to two settings', () => {
    const spellings = allSettings.flatMap(({ name, aliases }) => [name, ...aliases])
    expect(new Set(spellings).size).toBe(spellings.length)
  })
})

describe('edit distance', () => {
  test.each([
    ['', '', 0],
    ['PORT', 'PORT', 0],
    ['PORT', 'PROT', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('between %j and %j lie %i slips', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance)
  })

  test('is the same in both directions and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (left, right) => {
        const distance = editDistance(left, right)
        expect(distance).toBe(editDistance(right, left))
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length))
        expect(distance === 0).toBe(left === right)
      }),
    )
  })
})
