/** How a session looks in a list, to its owner and to administrators. */
import { Type } from 'typebox'
import { Time, choice, nullable } from '../../platform/http/schemas.ts'
import { describeDevice } from './devices.ts'
import { type Session, firstFactors } from './tables.ts'

export const SessionView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  current: Type.Boolean({ description: 'The session that asks.' }),
  kind: choice(['cookie', 'token', 'external']),
  firstFactor: choice(firstFactors, 'The door it was opened by.'),
  secondFactor: nullable(Type.String()),
  device: Type.String({ description: 'As its user agent calls itself: `Firefox on Linux`.' }),
  userAgent: nullable(Type.String()),
  ip: nullable(Type.String({ description: 'Where it was last used from.' })),
  createdAt: Time,
  lastSeenAt: Type.String({
    format: 'date-time',
    description: 'When it was last used, to within five minutes.',
  }),
  expiresAt: Time,
})

export const presentListed = (session: Session, currentId: string | null) => ({
  id: session.id,
  current: session.id === currentId,
  kind: session.kind,
  firstFactor: session.firstFactor,
  secondFactor: session.secondFactor,
  device: describeDevice(session.userAgent),
  userAgent: session.userAgent,
  ip: session.ip,
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
})
