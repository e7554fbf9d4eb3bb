/** What the users room knows of a person, and how it forgets them. */
import { eq } from 'drizzle-orm'
import type { PersonalData } from '../../platform/personal-data.ts'
import { rowsOf } from '../../platform/personal-data.ts'
import { users } from './tables.ts'
import { forgetPerson } from './users.ts'

export const personalData: PersonalData = {
  room: 'users',
  tables: ['users_users'],
  collect: (ctx, { id }) => [
    {
      name: 'account',
      rows: rowsOf(() => ctx.db.select().from(users).where(eq(users.id, id))),
    },
  ],
  // The row stays, as what others point at: an id that is nobody's.
  erase: (ctx, { id }) => ctx.tx((tx) => forgetPerson(tx, id)),
}
