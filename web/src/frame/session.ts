/** Who is using the application, asked once at its start and again whenever that changes. */
import * as users from '@ashlar/sdk/users'
import * as auth from '@ashlar/sdk/auth'
import { Problem } from '@ashlar/sdk'
import { useSuspenseQuery } from '@tanstack/react-query'
import { client, queries, whenSignedOut } from './api.ts'
import { preferLanguage } from './words.ts'

export type Me = Awaited<ReturnType<typeof users.getMe>>
export type Session = { readonly user: Me | null }

const sessionKey = ['session']
const nobody: Session = { user: null }

async function readSession(): Promise<Session> {
  try {
    const user = await users.getMe(client)
    preferLanguage(user.locale)
    return { user }
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return nobody
    throw error
  }
}

const sessionQuery = { queryKey: sessionKey, queryFn: readSession, staleTime: 60_000 }

whenSignedOut(() => queries.setQueryData(sessionKey, nobody))

/** For the router, before a screen is shown. */
export const findSession = (): Promise<Session> => queries.ensureQueryData(sessionQuery)

export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** For screens behind the sign-in. */
export function useMe(): Me {
  const { user } = useSession()
  if (user === null) throw new Error('a screen for people who are signed in was shown to nobody')
  return user
}

/** Whether to offer something. The server decides; this only spares people a refusal. */
export function useMay(): (permission: string) => boolean {
  const { user } = useSession()
  return () => user !== null
}

/** After a sign-in, and after whatever else changes who one is. Nothing read before is shown to the next person. */
export async function renewSession(): Promise<Session> {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
  return queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
}

export async function signOut(): Promise<void> {
  await auth.logout(client)
  queries.clear()
  queries.setQueryData(sessionKey, nobody)
}
