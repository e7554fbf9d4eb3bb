/** What a transaction is about, and the way there where it has a screen. */
import { Code, Group } from '@mantine/core'
import { Go } from '../../frame/go.tsx'
import { frameWords } from '../../frame/frame-words.ts'
import { ShortId } from '../../frame/short-id.tsx'
import { useWords } from '../../frame/words.ts'
import type { Transaction } from './transaction.ts'
import { ledgerWords } from './words.ts'

export function RefLink({ of: ref }: { readonly of: Transaction['ref'] }) {
  const words = useWords(ledgerWords)
  const { none } = useWords(frameWords)
  if (ref === null) return none
  if (ref.type === 'payment')
    return (
      <Go to={`/admin/payments/${ref.id}`} size="sm">
        {words.ref_payment} <ShortId id={ref.id} />
      </Go>
    )
  return (
    <Group gap={4} wrap="nowrap">
      {ref.type === 'surplus' ? words.ref_surplus : ref.type} <Code title={ref.id}>{ref.id}</Code>
    </Group>
  )
}
