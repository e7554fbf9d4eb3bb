/** A person's name in a mail: written by strangers, sent in our name to an address nobody has proved yet. */
import { oneLine } from './html.ts'
import type { MailLocale } from './locales.ts'

const maxNameLength = 60
/** What mail programs turn into links by themselves: `http://…`, `www.…`, `evil.example/…`, addresses. */
const looksLikeLink = /:\/\/|www\.|@|\p{L}[\p{L}\p{N}-]*\.\p{L}{2,}/iu

/**
 * The name to greet with, or null where it is missing, overlong or would read as a link: a sign-up form
 * must not be a way to send advertising through us. Anything else stays as it was written.
 */
export function findGreetingName(name: string | null): string | null {
  const line = oneLine(name ?? '')
  return line === '' || line.length > maxNameLength || looksLikeLink.test(line) ? null : line
}

const hello = { en: 'Hello', de: 'Guten Tag' } as const

/** `Hello Ada,`, or `Hello,` where there is no name to greet with. */
export function sayHello(name: string | null, locale: MailLocale): string {
  const known = findGreetingName(name)
  return known === null ? `${hello[locale]},` : `${hello[locale]} ${known},`
}
