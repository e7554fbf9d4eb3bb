/** The passwords of the embedded server's three roles, and the addresses made with them. */
import { randomBytes } from 'node:crypto'
import { EmbeddedPostgresError } from './failure.ts'
import { exists, findJson, writeDurably, type Layout } from './files.ts'

export const roles = { admin: 'postgres', owner: 'ashlar_owner', app: 'ashlar_app' } as const
export type Credentials = { readonly admin: string; readonly owner: string; readonly app: string }

/**
 * Reads the passwords, or makes them when there is no cluster yet. The file has mode 0600.
 * @throws EmbeddedPostgresError `damaged` when the data is there and its passwords are not
 */
export async function getCredentials(layout: Layout): Promise<Credentials> {
  const found = await findJson(layout.credentials)
  if (found) {
    const { admin, owner, app } = found
    if (typeof admin === 'string' && typeof owner === 'string' && typeof app === 'string')
      return { admin, owner, app }
  }
  if (await exists(layout.cluster))
    throw new EmbeddedPostgresError(
      'damaged',
      `${layout.credentials} is missing or unreadable, and without it the data in ${layout.cluster} cannot be opened; ` +
        'put the file back from a backup',
    )
  const made = { admin: password(), owner: password(), app: password() }
  await writeDurably(layout.credentials, made)
  return made
}

export function urlOf(
  role: keyof typeof roles,
  credentials: Credentials,
  port: number,
  database: string,
): string {
  return `postgres://${roles[role]}:${credentials[role]}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

/** 192 bits, and no character that means something in an address. */
function password(): string {
  return randomBytes(24).toString('base64url')
}
