/** What of ours a difference is about, where it has a screen. */
import { Go } from '../../frame/go.tsx'
import { useWords } from '../../frame/words.ts'
import type { Drift, Finding } from './states.tsx'
import { reconciliationWords } from './words.ts'

const places: Readonly<Record<string, string>> = {
  payment_intent: '/admin/payments/',
  charge: '/admin/payments/',
  refund: '/admin/refunds/',
  dispute: '/admin/disputes/',
}

export function OurThing({ of: { kind, ourId } }: { readonly of: Drift | Finding }) {
  const words = useWords(reconciliationWords)
  if (ourId === null) return null
  const place = places[kind]
  if (place !== undefined)
    return (
      <Go to={`${place}${ourId}`} size="sm">
        {words.openOurs}
      </Go>
    )
  // A movement of money is known by what was posted about it.
  return (
    <Go to="/admin/ledger/transactions" search={{ refId: ourId }} size="sm">
      {words.openPosted}
    </Go>
  )
}
