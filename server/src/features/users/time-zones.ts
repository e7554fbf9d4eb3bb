/** Time zones, by their names in the IANA database. */
import { errors } from './errors.ts'

/** Throws `users.invalid_time_zone` (422) for a name that is not in the time zone database. */
export function requireTimeZone(name: string): void {
  const isKnown = /^[A-Za-z]/.test(name) && formats(name)
  if (!isKnown)
    throw errors.invalid_time_zone({
      errors: [{ pointer: '/timeZone', message: 'is not the name of a time zone' }],
    })
}

function formats(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }))
  } catch {
    return false
  }
}
