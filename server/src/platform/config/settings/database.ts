/** Settings of PostgreSQL and Redis. */
import { DAY, HOUR, MINUTE } from '../duration.ts'
import { duration, integer, text, url } from '../kinds.ts'
import { databaseAddress } from '../production-rules.ts'

const POSTGRES = ['postgres:', 'postgresql:']

export const databaseSettings = {
  DATABASE_URL: url({
    doc: 'PostgreSQL database, 15 to 18; outside production an embedded one is started when unset.',
    example: 'postgres://ashlar:a-password@db.internal:5432/ashlar',
    protocols: POSTGRES,
    production: databaseAddress({ isRequired: true }),
  }),
  DATABASE_OWNER_URL: url({
    doc: 'The same database as the role that owns the tables and migrates; unset, DATABASE_URL migrates.',
    example: 'postgres://ashlar_owner:a-password@db.internal:5432/ashlar',
    protocols: POSTGRES,
    production: databaseAddress(),
  }),
  DATABASE_APP_ROLE: text({
    doc: 'Role that receives the rights the running application needs, and no others.',
    default: 'ashlar_app',
    pattern: /^[a-z_][a-z0-9_]{0,62}$/,
    expects: 'a lower-case PostgreSQL role name',
  }),
  DB_POOL_SIZE: integer({
    doc: 'Connections each process keeps open.',
    default: 10,
    min: 1,
    max: 500,
  }),
  DB_MAX_OVERFLOW: integer({
    doc: 'Connections each process may open beyond the pool size under load.',
    default: 10,
    min: 0,
    max: 500,
  }),
  DB_POOL_TIMEOUT: duration({
    doc: 'Time to wait for a free connection.',
    default: 5,
    min: 1,
    max: 5 * MINUTE,
  }),
  DB_POOL_RECYCLE: duration({
    doc: 'Age at which a connection is replaced.',
    default: 30 * MINUTE,
    min: 10,
    max: DAY,
  }),
  DB_STATEMENT_TIMEOUT: duration({
    doc: 'Time one statement may run.',
    default: 15,
    min: 1,
    max: HOUR,
  }),
  DB_LOCK_TIMEOUT: duration({
    doc: 'Time a statement may wait for a lock.',
    default: 5,
    min: 1,
    max: HOUR,
  }),
  DB_IDLE_IN_TRANSACTION_TIMEOUT: duration({
    doc: 'Time a transaction may sit idle before PostgreSQL ends it.',
    default: 30,
    min: 1,
    max: HOUR,
  }),
  REDIS_URL: url({
    doc: 'Redis for jobs, limits and realtime fan-out; unset, PostgreSQL does their work.',
    example: 'redis://redis.internal:6379',
    protocols: ['redis:', 'rediss:'],
  }),
}
