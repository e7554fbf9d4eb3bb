/** Giving a payment back, or a part of it. */
import * as refunds from '@ashlar/sdk/refunds'
import { useAmountField } from '../../frame/amount-field.tsx'
import { call, changed } from '../../frame/api.ts'
import { parseAmount } from '../../frame/amounts.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useFormat } from '../../frame/format.ts'
import { useOneKey } from '../../frame/one-key.ts'
import { fill, useWords } from '../../frame/words.ts'
import { type Payment, restOf } from './name.ts'
import { paymentsWords } from './words.ts'

/** Those that the provider is told, too. */
const known = ['requested_by_customer', 'duplicate', 'fraudulent'] as const

export function RefundButton({ of: payment }: { readonly of: Payment }) {
  const words = useWords(paymentsWords)
  const format = useFormat()
  const consequence = fill(words.refundConsequence, { rest: format.money(restOf(payment)) })
  return (
    <FormDialog label={words.refund} consequence={consequence} isDangerous>
      {(close) => <RefundForm of={payment} onDone={close} />}
    </FormDialog>
  )
}

function RefundForm({
  of: payment,
  onDone,
}: {
  readonly of: Payment
  readonly onDone: () => void
}) {
  const words = useWords(paymentsWords)
  const once = useOneKey()
  const { id } = payment
  const { currency } = payment.captured
  const suggestions = known.map((code) => words[`reason_${code}`])
  return (
    <ApiForm
      fields={{
        amount: useAmountField(words.amount, restOf(payment)),
        reason: text({
          label: words.reason,
          hint: words.reasonHint,
          required: true,
          maxLength: 500,
          suggestions,
        }),
      }}
      submit={words.refundNow}
      done={words.refundDone}
      send={({ amount: typed, reason: said }) => {
        const amount = parseAmount(typed, currency)
        const reason = known.find((code) => words[`reason_${code}`] === said.trim()) ?? said.trim()
        const body = { amount, currency: currency as never, reason }
        return once(body, (idempotencyKey) =>
          call(refunds.create, { path: { id }, body, idempotencyKey }),
        )
      }}
      onDone={async () => {
        onDone()
        await changed('payments', 'refunds', 'ledger', 'disputes')
      }}
    />
  )
}
