/** What the privacy room knows of a person, and how it forgets them. That there was an erasure stays: ids and times. */
import { eq } from 'drizzle-orm'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { eraseExports } from './exports.ts'
import { erasures, exports } from './tables.ts'

export const personalData: PersonalData = {
  room: 'privacy',
  tables: ['privacy_exports', 'privacy_erasures'],
  collect: ({ db }, { id }) => [
    {
      name: 'exports',
      rows: rowsOf(() => db.select().from(exports).where(eq(exports.userId, id))),
    },
    {
      name: 'erasures',
      rows: rowsOf(() => db.select().from(erasures).where(eq(erasures.userId, id))),
    },
  ],
  erase: (ctx, { id }) => eraseExports(ctx, id),
}
