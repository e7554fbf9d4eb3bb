/** Who is using the application, asked once at its start and again whenever that changes. */
import * as auth from '@ashlar/sdk/auth'
import { useSuspenseQuery } from '@tanstack/react-query'
import { stopActing } from './acting.ts'
import { client, queries, whenForbidden, whenSignedOut } from './api.ts'
import { preferLanguage } from './words.ts'

export type Session = Awaited<ReturnType<typeof auth.currentSession>>
export type Me = NonNullable<Session['user']>

const sessionKey = ['session']

async function readSession(): Promise<Session> {
  const session = await auth.currentSession(client)
  // What one was doing as somebody else is over; one is oneself again.
  if (session.user === null && stopActing()) return readSession()
  if (session.user !== null) preferLanguage(session.user.locale)
  return session
}

/** What somebody may do can change at any time: it is asked anew with the next screen, and on coming back to the window. */
const sessionQuery = {
  queryKey: sessionKey,
  queryFn: readSession,
  staleTime: 5_000,
  refetchOnWindowFocus: 'always',
} as const

whenSignedOut(() => void renewSession())
whenForbidden(() => void queries.invalidateQueries({ queryKey: sessionKey }))

/** For the router, before a screen is shown: what is known at once, and what has changed soon after. */
export const findSession = (): Promise<Session> =>
  queries.ensureQueryData({ ...sessionQuery, revalidateIfStale: true })

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** For screens behind the sign-in. */
export function useMe(): Me {
  const { user } = useSession()
  if (user === null) throw new Error('a screen for people who are signed in was shown to nobody')
  return user
}

/** Whether to offer something. The server decides; this only spares people a refusal. */
export function useMay(): (permission: string) => boolean {
  const { permissions = [] } = useSession()
  return (permission) => permissions.includes(permission)
}

/** After a sign-in, and after whatever else changes who one is. Nothing read before is shown to the next person. */
export async function renewSession(): Promise<Session> {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
  return queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
}

/** Ends the session and goes where `leave` leads; the screen that was open is not asked what it shows to nobody. */
export async function signOut(leave: () => Promise<unknown>): Promise<void> {
  await auth.logout(client)
  await leave()
  await renewSession()
}
