/** The proof of a fact's details: a hash that the fact keeps when they are gone. */
import { createHash } from 'node:crypto'

export type Details = {
  readonly ip: string | null
  /** JSON, byte for byte as it is stored. */
  readonly personal: string | null
  readonly salt: Buffer
}

export function hashDetails({ ip, personal, salt }: Details): Buffer {
  const hash = createHash('sha256')
    .update(salt)
    .update(ip ?? '')
  // No address contains a line break, so the two cannot be taken for each other.
  if (personal !== null) hash.update('\n').update(personal)
  return hash.digest()
}
