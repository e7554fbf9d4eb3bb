/** Environments for the tests of the settings: one that production accepts, with fresh secrets in every run. */
import { createHash, randomBytes } from 'node:crypto'
import { loadConfig, type LoadOptions } from './load.ts'
import type { Environment } from './given.ts'
import type { Problem } from './problem.ts'
import type { Config } from './settings.ts'

export function newSecret(): string {
  return randomBytes(36).toString('base64url')
}

export function givenGoodProduction(): Record<string, string | undefined> {
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://api.ashlar.test',
    FRONTEND_URL: 'https://app.ashlar.test',
    CORS_ORIGINS: 'https://app.ashlar.test,https://admin.ashlar.test',
    TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8',
    DATABASE_URL: `postgres://ashlar:${newSecret()}@db.internal:5432/ashlar`,
    REDIS_URL: `rediss://:${newSecret()}@redis.internal:6379`,
    SECRET_KEY: newSecret(),
    CSRF_SECRET: newSecret(),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    ADMIN_SERVICE_TOKEN_HASH: createHash('sha256').update(newSecret()).digest('hex'),
    ADMIN_IMPERSONATION_SECRET: newSecret(),
    EMAIL_FROM: 'Ashlar <no-reply@ashlar.test>',
    SENDGRID_API_KEY: `SG.${newSecret()}`,
    S3_BUCKET_NAME: 'ashlar-uploads',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: randomBytes(10).toString('hex').toUpperCase(),
    AWS_SECRET_ACCESS_KEY: newSecret(),
    STRIPE_SECRET_KEY: `sk_live_${newSecret()}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${newSecret()}`,
  }
}

export function configOf(env: Environment, options?: LoadOptions): Config {
  const result = loadConfig(env, options)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.config
}

export function problemsOf(env: Environment, options?: LoadOptions): readonly Problem[] {
  const result = loadConfig(env, options)
  return 'problems' in result ? result.problems : []
}
