/** For tests: money that came in twice for one payment. */
import { eventually } from '../../app/testing.ts'
import { query } from '../auth/testing.ts'
import { confirm, keyed, press } from '../payments/testing.ts'
import type { Shop } from './testing.ts'

/** Two ways to pay one payment, both paid: what the server makes sure of is taken away underneath it. */
export async function givenPaidTwice({ server, stripe, ada, settled }: Shop) {
  const { payment, url } = (await keyed(ada, '/checkout/sessions')).body.data
  await query(
    server,
    `update payments_attempts set outcome = 'rejected', detail = 'expired' where payment_id = $1`,
    [payment.id],
  )
  const next = await keyed(ada, `/payments/${payment.id}/attempts`, { kind: 'intent' })
  await Promise.all([press(url), confirm(stripe, next.body.data.payment.providerRef)])
  const surplus = await eventually(async () => {
    const [row] = await query<{ id: string; charge: string }>(
      server,
      `select id, coalesce(charge_ref, '') as charge from payments_surplus where payment_id = $1`,
      [payment.id],
    )
    return row
  })
  await settled()
  return { id: String(payment.id), surplus }
}

/** As far as the job can see, it has been here for a while. */
export const restSurplus = ({ server }: Shop) =>
  query(server, `update payments_surplus set created_at = created_at - interval '6 minutes'`)
