/** What the access room knows of a person, and how it forgets them. */
import { eq } from 'drizzle-orm'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { grants } from './tables.ts'

export const personalData: PersonalData = {
  room: 'access',
  tables: ['access_grants'],
  collect: (ctx, { id }) => [
    {
      name: 'roles',
      rows: rowsOf(() =>
        ctx.db
          .select({ role: grants.role, createdAt: grants.createdAt })
          .from(grants)
          .where(eq(grants.userId, id)),
      ),
    },
  ],
  erase: (ctx, { id }) =>
    ctx.tx(async (tx) => {
      await tx.db.delete(grants).where(eq(grants.userId, id))
      await tx.invalidate(`user:${id}`)
    }),
}
