/** What a payment is called: by whoever asked for it, else by the provider. */
import type * as payments from '@ashlar/sdk/payments'

export type Payment = Awaited<ReturnType<typeof payments.get>>

export const nameOf = ({
  description,
  reference,
  providerRef,
  id,
}: Pick<Payment, 'description' | 'reference' | 'providerRef' | 'id'>): string =>
  description ?? reference ?? providerRef ?? id

/** What a refund can have, by the same sum as the server's; the server decides. */
export function restOf({
  captured,
  refunded,
  refundPending,
  disputed,
  chargedBack,
}: Payment): Payment['captured'] {
  const gone = [refunded, refundPending, disputed, chargedBack].reduce(
    (sum, { amount }) => sum + BigInt(amount),
    0n,
  )
  const rest = BigInt(captured.amount) - gone
  return { amount: String(rest > 0n ? rest : 0n), currency: captured.currency }
}
