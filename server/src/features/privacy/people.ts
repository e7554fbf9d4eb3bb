/** People as all rooms together know them: their account, and the addresses that lead to them. */
import type { ReadCtx } from '../../platform/context.ts'
import type { Person, PersonalData } from '../../platform/personal-data.ts'
import { findUserByEmail, getUser } from '../users/index.ts'

/** The person behind an account that is in use; null when it is closed. */
export async function findPerson(
  ctx: ReadCtx,
  rooms: readonly PersonalData[],
  userId: string,
): Promise<Person | null> {
  const { status } = await getUser(ctx, userId)
  return status === 'deleted' ? null : personOf(ctx, rooms, userId)
}

export async function personOf(
  ctx: ReadCtx,
  rooms: readonly PersonalData[],
  userId: string,
): Promise<Person> {
  const { id, email } = await getUser(ctx, userId)
  const former = new Set<string>()
  for (const { findEmails } of rooms)
    for (const known of (await findEmails?.(ctx, userId)) ?? [])
      if (!(await findUserByEmail(ctx, known))) former.add(known)
  return { id, email, formerEmails: [...former] }
}
