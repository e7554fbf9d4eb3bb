/** How the mails of this room greet their reader, in every language. */
import { findGreetingName } from '../../platform/mail/index.ts'

export function greet(name: string | null): string {
  const known = findGreetingName(name)
  return known === null ? 'Hello,' : `Hello ${known},`
}

export function greetInGerman(name: string | null): string {
  const known = findGreetingName(name)
  return known === null ? 'Guten Tag,' : `Guten Tag ${known},`
}
