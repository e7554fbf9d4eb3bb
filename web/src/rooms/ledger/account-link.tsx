/** An account by what it is and whose, and the way there. */
import * as ledger from '@ashlar/sdk/ledger'
import { Text } from '@mantine/core'
import { useRead } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import { ShortId } from '../../frame/short-id.tsx'
import { useKindText } from './kinds.ts'
import { OwnerName } from './owner.tsx'

/** Asks which it is; the answer is shared by all links to the same account. */
export function AccountLink({ id }: { readonly id: string }) {
  const kindText = useKindText()
  const { data } = useRead(ledger.getAccount, { path: { id } })
  return (
    <>
      <Go to={`/admin/ledger/accounts/${id}`} size="sm">
        {data ? kindText(data.kind) : <ShortId id={id} />}
      </Go>
      {data && (
        <Text size="xs" c="dimmed" component="div">
          <OwnerName of={data.ownerId} />
        </Text>
      )}
    </>
  )
}
