/** How facts look from outside: to who reads the audit log, and to the person they are about. */
import { Type } from 'typebox'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import type { FactRow } from './facts.ts'

export const Statuses = ['succeeded', 'refused', 'failed'] as const
const Fields = Type.Record(Type.String(), Type.Unknown())
const ActorKind = choice(['anonymous', 'user', 'service', 'system'])

export const FactView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  at: Time,
  action: Type.String(),
  status: choice(Statuses),
  actor: Type.Object({ kind: ActorKind, id: nullable(Type.String()) }),
  onBehalfOf: nullable(Type.String()),
  subjectId: nullable(Type.String()),
  data: Fields,
  before: nullable(Fields),
  after: nullable(Fields),
  ip: nullable(Type.String()),
  requestId: Type.String(),
})

export const OwnFactView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  at: Time,
  action: Type.String(),
  status: choice(Statuses),
  actor: Type.Object({
    kind: ActorKind,
    isYou: Type.Boolean({ description: 'Nobody else is told by name.' }),
  }),
  onYourBehalf: Type.Boolean({ description: 'Somebody else acted in your name.' }),
  subjectId: nullable(Type.String()),
  data: Fields,
  before: nullable(Fields),
  after: nullable(Fields),
  ip: nullable(Type.String({ description: 'Where it came from, when it was you.' })),
  requestId: Type.String(),
})

export function presentFact(row: FactRow) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    action: row.name,
    status: row.outcome,
    actor: { kind: row.actorKind, id: row.actorId },
    onBehalfOf: row.onBehalfOf,
    subjectId: row.subjectId,
    ...contentOf(row),
    ip: row.ip,
    requestId: row.requestId,
  }
}

/** What is somebody else's stays theirs: who they are, where they came from, and what of theirs was changed. */
export function presentOwnFact(row: FactRow, userId: string | null) {
  const isOwn = row.personalOf === null || row.personalOf === userId
  return {
    id: row.id,
    at: row.at.toISOString(),
    action: row.name,
    status: row.outcome,
    actor: { kind: row.actorKind, isYou: row.actorId === userId },
    onYourBehalf: row.onBehalfOf === userId,
    subjectId: row.subjectId,
    ...contentOf(isOwn ? row : { ...row, personal: null }),
    ip: row.about === userId ? row.ip : null,
    requestId: row.requestId,
  }
}

type Content = Readonly<Record<string, unknown>>

/** What changed is told apart from what else there is to say. Of personal values nothing is left once they are erased. */
function contentOf({ data, personal }: Pick<FactRow, 'data' | 'personal'>) {
  const { before, after, ...rest } = contentIn(data)
  const { before: personalBefore, after: personalAfter } = contentIn(personal)
  const isChange = before !== undefined && after !== undefined
  return {
    data: rest,
    before: isChange ? { ...contentIn(before), ...contentIn(personalBefore) } : null,
    after: isChange ? { ...contentIn(after), ...contentIn(personalAfter) } : null,
  }
}

const contentIn = (value: unknown): Content =>
  typeof value === 'object' && value !== null ? { ...value } : {}
