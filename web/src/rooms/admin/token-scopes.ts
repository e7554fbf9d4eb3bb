/** What a token can be made for by whoever looks: permissions for programs, as far as one has them oneself. */
import * as access from '@ashlar/sdk/access'
import type { AdminCreateServiceTokenData } from '@ashlar/sdk/types'
import { useRead } from '../../frame/api.ts'
import { useMay } from '../../frame/session.ts'

type Scope = AdminCreateServiceTokenData['body']['scopes'][number]

export function useScopes() {
  const may = useMay()
  const permissions = useRead(access.listPermissions)
  const names = (permissions.data ?? [])
    .filter(({ name, forPrograms }) => forPrograms && may(name))
    .map(({ name }) => name)
  // The server says what there is; the description that the SDK was made of may be older or newer.
  const isScope = (name: string): name is Scope => names.includes(name)
  return { permissions, names, isScope }
}
