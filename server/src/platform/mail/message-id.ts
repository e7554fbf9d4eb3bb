/** Message-IDs derived from the work that sends the mail, so that a retry is recognisable as the same mail. */
import { createHash } from 'node:crypto'

/** Half of SHA-256: no two jobs share an id, and the job key cannot be read from it. */
const digestLength = 32

/**
 * The same key gives the same id on every attempt and in every process (RFC 5322 3.6.4); receivers and
 * people searching a mail log then see one mail. `publicUrl` supplies the right-hand side.
 * @throws TypeError when `publicUrl` is not a URL
 */
export function messageIdFor(jobKey: string, publicUrl: string): string {
  return messageIdAt(jobKey, new URL(publicUrl).hostname.replaceAll(/[[\]]/g, ''))
}

/** As `messageIdFor`, for a domain that is already known. */
export function messageIdAt(jobKey: string, domain: string): string {
  const digest = createHash('sha256').update(jobKey).digest('hex').slice(0, digestLength)
  return `<${digest}@${domain}>`
}
