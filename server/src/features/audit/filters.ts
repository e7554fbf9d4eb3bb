/** The filters of the audit log as a caller writes them, in both spellings that are in use. */
import { Type } from 'typebox'
import { Time, choice } from '../../platform/http/schemas.ts'
import { errors } from './errors.ts'
import type { FactFilter } from './facts.ts'
import { Statuses } from './views.ts'

const Id = Type.String({ format: 'uuid' })
const Word = Type.String({ minLength: 1, maxLength: 200 })

/** Query parameters of everything that reads the log. */
export const FactQuery = {
  action: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Such as `auth.signed_in`.' }),
  ),
  room: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9_]{0,62}$',
      description: 'The first word of the action.',
    }),
  ),
  status: Type.Optional(choice(Statuses)),
  actorUserId: Type.Optional(Id),
  actor_user_id: Type.Optional(Id),
  targetUserId: Type.Optional(Id),
  target_user_id: Type.Optional(Id),
  subject: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The id of whatever it was done to: a user, a key, an invitation.',
    }),
  ),
  onBehalfOf: Type.Optional(Id),
  requestId: Type.Optional(Word),
  request_id: Type.Optional(Word),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

type Query = {
  readonly [Name in keyof typeof FactQuery]?: string | undefined
} & Pick<FactFilter, 'status'>

/** Throws `audit.contradicting_filters` (422) when both spellings of a filter are given and differ. */
export function filterOf(query: Query): FactFilter {
  const { action, room, status, subject, onBehalfOf, from, to } = query
  return {
    action,
    room,
    status,
    subject,
    onBehalfOf,
    actorUserId: either(query, 'actorUserId', 'actor_user_id'),
    targetUserId: either(query, 'targetUserId', 'target_user_id'),
    requestId: either(query, 'requestId', 'request_id'),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  }
}

function either(query: Query, name: keyof Query, alias: keyof Query): string | undefined {
  const [one, other] = [query[name], query[alias]]
  if (one !== undefined && other !== undefined && one !== other)
    throw errors.contradicting_filters({
      errors: [{ pointer: `/${alias}`, message: `differs from ${name}` }],
    })
  return one ?? other
}
