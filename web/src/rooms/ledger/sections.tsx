/** The three parts of the ledger, from each of which the others are one click away. */
import { GoButton } from '../../frame/go.tsx'
import { useMay } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { ledgerWords } from './words.ts'

type Part = 'accounts' | 'transactions' | 'check'

export function OtherParts({ than }: { readonly than: Part }) {
  const words = useWords(ledgerWords)
  const may = useMay()
  const parts = [
    { id: 'accounts', title: words.accounts, to: '/admin/ledger', can: 'ledger.read' },
    {
      id: 'transactions',
      title: words.transactions,
      to: '/admin/ledger/transactions',
      can: 'ledger.read',
    },
    { id: 'check', title: words.check, to: '/admin/ledger/check', can: 'ledger.check' },
  ]
  return parts
    .filter(({ id, can }) => id !== than && may(can))
    .map(({ id, title, to }) => (
      <GoButton key={id} to={to} variant="default">
        {title}
      </GoButton>
    ))
}
