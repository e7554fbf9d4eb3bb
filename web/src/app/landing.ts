/** Where somebody starts who goes nowhere in particular. */
import type { Session } from '../frame/session.ts'
import { rooms } from './rooms.ts'

/** Whether the console has a screen for them. */
export function mayAdminister({ permissions = [] }: Session): boolean {
  return rooms
    .flat()
    .some(
      ({ path, can }) =>
        path.startsWith('/admin') && can !== undefined && permissions.includes(can),
    )
}

export function startOf(session: Session): string {
  if (session.user === null) return '/sign-in'
  return mayAdminister(session) ? '/admin' : '/account'
}
