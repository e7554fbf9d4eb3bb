/** Everything the admin room stores. */
import { customType, pgTable } from 'drizzle-orm/pg-core'
import { at, id } from '../../platform/db/columns.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** One-time links to the installer; only the hash of each is kept. */
export const installerTokens = pgTable('admin_installer_tokens', {
  id: id(),
  hash: bytea('hash').notNull().unique(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
  createdAt: at('created_at').notNull().defaultNow(),
})
