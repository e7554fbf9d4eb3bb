/** What comes after the money: finance gives it back, somebody does so in the dashboard, or the customer's bank takes it. */
import { insist } from './asking.ts'
import { type Customer, doOnce, paymentIdOf, request } from './customers.ts'
import type { Aftermath, Purchase } from './scenario.ts'
import type { Ground } from './trial.ts'

/** What has moved in the end, by the scenario alone: for whoever judges. */
export type Moved = { readonly refunds: number; readonly refunded: number; readonly lost: number }

type Acting = (customer: Customer, ground: Ground) => Promise<boolean>

const part = ({ amount }: Purchase) => Math.floor(amount / 3)
/** Two of these are more than there is. */
const most = ({ amount }: Purchase) => Math.ceil(amount * 0.6)
const tooMuch = ['refunds.more_than_refundable']

/** False: not yet. */
export const bringAbout: Acting = (customer, ground) =>
  acts[customer.purchase.aftermath](customer, ground)

export function movedBy(purchase: Purchase): Moved {
  const { amount, aftermath } = purchase
  switch (aftermath) {
    case 'refund_all':
    case 'refund_arrives_later':
      return { refunds: 1, refunded: amount, lost: 0 }
    case 'refund_part':
    case 'refund_in_dashboard':
      return { refunds: 1, refunded: part(purchase), lost: 0 }
    case 'refunds_at_once':
      return { refunds: 1, refunded: most(purchase), lost: 0 }
    case 'refund_fails':
      return { refunds: 1, refunded: 0, lost: 0 }
    case 'refunded_then_disputed':
      return { refunds: 1, refunded: part(purchase), lost: amount }
    case 'dispute_lost':
    case 'dispute_accepted':
      return { refunds: 0, refunded: 0, lost: amount }
    case 'dispute_of_part_lost':
      return { refunds: 0, refunded: 0, lost: part(purchase) }
    case 'nothing':
    case 'dispute_won':
    case 'dispute_answered':
    case 'inquiry_withdrawn':
      return { refunds: 0, refunded: 0, lost: 0 }
  }
}

const acts: Readonly<Record<Aftermath, Acting>> = {
  nothing: async () => true,
  refund_all: (customer, ground) => refund(customer, ground, 'refund'),
  refund_part: (customer, ground) => refund(customer, ground, 'refund', part(customer.purchase)),
  refund_arrives_later: (customer, ground) => refund(customer, ground, 'refund'),
  refund_fails: (customer, ground) => refund(customer, ground, 'refund', part(customer.purchase)),
  refunds_at_once: async (customer, ground) => {
    const amount = most(customer.purchase)
    const both = ['one refund', 'another refund'].map((name) =>
      refund(customer, ground, name, amount),
    )
    return (await Promise.all(both)).every(Boolean)
  },
  refund_in_dashboard: async (customer, ground) => {
    await refundInDashboard(customer, ground)
    return true
  },
  dispute_won: (customer, ground) => decided(customer, ground, 'won'),
  dispute_lost: (customer, ground) => decided(customer, ground, 'lost'),
  dispute_of_part_lost: (customer, ground) =>
    decided(customer, ground, 'lost', { amount: part(customer.purchase) }),
  inquiry_withdrawn: (customer, ground) => decided(customer, ground, 'won', { inquiry: 'true' }),
  refunded_then_disputed: async (customer, ground) => {
    await refundInDashboard(customer, ground)
    return decided(customer, ground, 'lost')
  },
  dispute_answered: (customer, ground) =>
    answered(customer, ground, 'evidence', { text: 'winning_evidence' }),
  dispute_accepted: (customer, ground) => answered(customer, ground, 'acceptance', {}),
}

function refund(
  customer: Customer,
  ground: Ground,
  name: string,
  amount?: number,
): Promise<boolean> {
  const body = amount === undefined ? {} : { amount: String(amount) }
  const path = `/payments/${paymentIdOf(customer)}/refunds`
  return insist(request(customer, name, path, body, { by: 'finance', refusals: tooMuch }), ground)
}

async function refundInDashboard(customer: Customer, ground: Ground): Promise<void> {
  const amount = part(customer.purchase)
  await doOnce(customer, 'refunded in the dashboard', async () =>
    ground.stripe.make('refunds', { charge: await chargeOf(customer, ground), amount }),
  )
}

/** The bank disputes it, and decides. */
async function decided(
  customer: Customer,
  ground: Ground,
  outcome: 'won' | 'lost',
  form: Readonly<Record<string, string | number>> = {},
): Promise<boolean> {
  const { stripe } = ground
  const id = await doOnce(customer, 'disputed', async () =>
    stripe.make('disputes', { charge: await chargeOf(customer, ground), ...form }),
  )
  await doOnce(customer, 'decided', () => stripe.make(`disputes/${id}/${outcome}`))
  return true
}

/** The bank disputes it, and finance has something to say about that as soon as it hears of it. */
async function answered(
  customer: Customer,
  ground: Ground,
  what: 'evidence' | 'acceptance',
  body: object,
): Promise<boolean> {
  const ref = await doOnce(customer, 'disputed', async () =>
    ground.stripe.make('disputes', { charge: await chargeOf(customer, ground) }),
  )
  const [known] = await ground.inside.query<{ id: string }>(
    'select id from disputes_disputes where provider_ref = $1',
    [ref],
  )
  if (!known) return false
  return insist(
    request(customer, what, `/disputes/${known.id}/${what}`, body, { by: 'finance' }),
    ground,
  )
}

async function chargeOf(customer: Customer, { inside, stripe }: Ground): Promise<string> {
  const [payment] = await inside.query<{ ref: string | null }>(
    'select provider_ref as ref from payments_payments where id = $1',
    [paymentIdOf(customer)],
  )
  const { latest_charge: charge } = await stripe.intent(payment?.ref ?? '')
  if (charge === null) throw new Error(`${payment?.ref} took no money`)
  return charge
}
