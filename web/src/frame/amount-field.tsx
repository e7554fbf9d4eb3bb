/** A field for an amount: typed as people write money, exact, and refused above what there is. */
import { parseAmount } from './amounts.ts'
import { type Field, text } from './fields.tsx'
import { type Money, useFormat } from './format.ts'
import { frameWords } from './frame-words.ts'
import { fill, useWords } from './words.ts'

/** `most` is what stands in it at first. What was typed is read by `parseAmount`. */
export function useAmountField(label: string, most: Money): Field<string> {
  const words = useWords(frameWords)
  const format = useFormat()
  const { currency } = most
  const hint = fill(words.atMost, { amount: format.money(most) })
  const example = format.typedAmount({ amount: '1234', currency })
  return text({
    label: `${label} (${currency})`,
    hint,
    required: true,
    inputMode: 'decimal',
    autoComplete: 'off',
    initial: format.typedAmount(most),
    check: (typed) => {
      const amount = parseAmount(typed, currency)
      if (amount === null) return fill(words.notAnAmount, { example })
      if (amount === '0') return words.notPositive
      return BigInt(amount) > BigInt(most.amount) ? hint : null
    },
  })
}
