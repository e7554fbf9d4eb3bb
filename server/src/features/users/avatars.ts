/** Pictures of people: for now https addresses elsewhere, which readers' browsers fetch and this server never does. */
import { isIP } from 'node:net'
import { errors } from './errors.ts'

export const maxAvatarLength = 500
/** Names that only mean something inside a network. */
const internalName =
  /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|example|arpa|onion)$/

/** The address in its normal form; throws `users.invalid_avatar` (422). */
export function normalAvatar(given: string): string {
  const url = URL.parse(given)
  const host = url?.hostname.replace(/\.$/, '') ?? ''
  const isGood =
    url?.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    host.includes('.') &&
    isIP(host.replaceAll(/[[\]]/g, '')) === 0 &&
    !internalName.test(host) &&
    url.href.length <= maxAvatarLength
  // What the parser would silently mend (tabs, backslashes, spaces) is not what somebody meant.
  if (!isGood || /[\s\\\p{Cc}]/u.test(given))
    throw errors.invalid_avatar({
      errors: [{ pointer: '/avatar', message: 'is not an https address of a picture' }],
    })
  return url.href
}
