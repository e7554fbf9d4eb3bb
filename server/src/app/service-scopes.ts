/** What a program's token can be made for, and why not for the rest. */
import { ownPermissions } from '../features/access/index.ts'
import { forPeople } from '../features/admin/index.ts'
import { permissions } from './rooms.ts'

/** Every route that asks for one of these wants a factor shown lately. A test holds this against the routes. */
const byFactorAlone: readonly string[] = [
  'access.manage_roles',
  'admin.reset_factors',
  'audit.export',
  'disputes.answer',
  'monitoring.configure',
  'reconciliation.accept',
  'refunds.create',
  'refunds.review',
  'users.manage_teams',
]

/** What is sent to whoever asks for it. */
const byMailboxAlone: readonly string[] = ['mail.send_test']

const reasons: readonly (readonly [readonly string[], string])[] = [
  [ownPermissions, 'is about one’s own account, and a program has none'],
  [forPeople, 'is what people answer for themselves, and no program'],
  [byFactorAlone, 'asks on every route for a factor shown lately, and a program has none to show'],
  [byMailboxAlone, 'sends to the mailbox of whoever asks, and a program has none'],
]

/** Why a token cannot be made for a permission; null where it can. */
export const whyNotForPrograms = (name: string): string | null =>
  reasons.find(([names]) => names.includes(name))?.[1] ?? null

export const serviceScopes: readonly string[] = Object.keys(permissions).filter(
  (name) => whyNotForPrograms(name) === null,
)
