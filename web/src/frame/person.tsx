/** Somebody by their id: as a link with their name, where one may know it. */
import * as admin from '@ashlar/sdk/admin'
import { useQuery } from '@tanstack/react-query'
import { reading } from './api.ts'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import { useMay, useSession } from './session.ts'
import { useWords } from './words.ts'

/** Names change seldom, and the same few people are on every screen. */
const nameStaleMs = 300_000

export function Person({ id }: { readonly id: string | null | undefined }) {
  const words = useWords(frameWords)
  const may = useMay()
  const { user } = useSession()
  const isOneself = id === user?.id
  const mayLook = may('admin.read_users')
  const found = useQuery({
    ...reading(admin.getUser, { path: { id: id ?? '' } }),
    staleTime: nameStaleMs,
    enabled: mayLook && !isOneself && Boolean(id),
  })
  if (!id) return words.none
  const of = isOneself ? user : found.data
  const name = of ? (of.name ?? of.email) : id
  return mayLook ? (
    <Go to={`/admin/users/${id}`} size="sm">
      {name}
    </Go>
  ) : (
    name
  )
}
