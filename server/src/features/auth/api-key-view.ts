/** How an API key looks in a list, to its owner and to administrators. */
import { Type } from 'typebox'
import { Time, nullable } from '../../platform/http/schemas.ts'
import type { ApiKey } from './tables.ts'

export const KeyView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  hint: Type.String({ description: 'The first characters, to recognise the key by.' }),
  scopes: nullable(Type.Array(Type.String())),
  expiresAt: nullable(Time),
  requestsPerMinute: nullable(Type.Integer()),
  lastUsedAt: nullable(
    Type.String({ format: 'date-time', description: 'To within five minutes.' }),
  ),
  lastUsedIp: nullable(Type.String()),
  createdAt: Time,
})
export const presentKey = (row: ApiKey) => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  requestsPerMinute: row.requestsPerMinute,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  lastUsedIp: row.lastUsedIp,
  createdAt: row.createdAt.toISOString(),
})
