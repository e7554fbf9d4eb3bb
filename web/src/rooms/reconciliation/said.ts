/** What should be and what is, as a run writes it down: amounts in it are in minor units, which nobody reads. */
import { credits } from '../../frame/amounts.ts'
import { currencies } from '../../frame/currencies.ts'
import { useFormat } from '../../frame/format.ts'
import { useWords } from '../../frame/words.ts'
import { reconciliationWords } from './words.ts'

const amounts = /(-?\d+) ([A-Z]{3})\b/g
const known = new Set([...currencies, credits])

export function useSaid(): (text: string) => string {
  const words = useWords(reconciliationWords)
  const format = useFormat()
  return (text) => {
    if (text === 'nothing' || text === 'none') return words.nothing
    return text.replaceAll(amounts, (whole, amount: string, currency: string) =>
      known.has(currency) ? format.money({ amount, currency }) : whole,
    )
  }
}
