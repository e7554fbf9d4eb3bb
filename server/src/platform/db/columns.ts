/** Columns that every table starts with. */
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core'
import { v7 as uuidv7 } from 'uuid'

/** UUIDv7 (RFC 9562), made here because PostgreSQL has `uuidv7()` only since 18. It tells when the row was made. */
export const id = () => uuid('id').primaryKey().$defaultFn(uuidv7)

/** No id that was made at this time or later is below it. */
export function firstIdAt(time: Date): string {
  const digits = Math.max(0, time.getTime()).toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`
}

/** A point in time, kept in UTC, with microseconds. */
export const at = (name: string) => timestamp(name, { withTimezone: true })

/** Bytes, such as hashes and envelopes. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** The number of a transaction, which does not wrap around. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

export const timestamps = {
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
}
