/** Somebody with an account: by name where the reader may know it, and always as the way there. */
import * as admin from '@ashlar/sdk/admin'
import { Code } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reading } from './api.ts'
import { Go } from './go.tsx'
import { useMay } from './session.ts'

/** For a detail: asks who it is. A list has `ShortId`, so that it does not ask for each row. */
export function PersonLink({ id }: { readonly id: string }) {
  const may = useMay()
  const { data } = useQuery({
    ...reading(admin.getUser, { path: { id } }),
    enabled: may('admin.read_users'),
  })
  return (
    <Go to={`/admin/users/${id}`} size="sm">
      {data?.name ?? data?.email ?? <ShortId id={id} />}
    </Go>
  )
}

/** The end of an id: its beginning is the time, and the same for all of one minute. */
export const ShortId = ({ id }: { readonly id: string }) => <Code title={id}>…{id.slice(-8)}</Code>
