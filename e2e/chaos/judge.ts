/**
 * Whether all is right afterwards. Asked are Stripe, which knows what moved, and the ledger with its invariants; what our
 * rows say of themselves proves nothing, and is only compared between two runs of one scenario.
 */
import { createHash } from 'node:crypto'
import { movedBy } from './aftermath.ts'
import { type Customer, paymentIdOf } from './customers.ts'
import { type Purchase, isPaid } from './scenario.ts'
import type { Intent, OfCharge, Truth } from './stripe.ts'
import type { Ground } from './trial.ts'

export type Verdict = {
  /** The same for the same facts, whatever happened on the way: no ids and no times. */
  readonly digest: string
  /** What the digest is of, for people. */
  readonly ends: readonly string[]
  readonly problems: readonly string[]
}

type Books = {
  readonly id: string
  readonly state: string
  readonly failure: string | null
  readonly balances: Readonly<Record<string, number>>
  readonly captures: number
  readonly held: number
  readonly started: number
  readonly refunds: string
  readonly disputes: string
  readonly shown: string
}
/** All that Stripe has. */
type Theirs = {
  readonly truth: Truth
  readonly intents: readonly Intent[]
  readonly refunds: readonly OfCharge[]
  readonly disputes: readonly OfCharge[]
}

export async function judge(
  { inside, stripe }: Ground,
  customers: readonly Customer[],
): Promise<Verdict> {
  const theirs: Theirs = {
    intents: await stripe.intents(),
    refunds: await stripe.refunds(),
    disputes: await stripe.disputes(),
    truth: await stripe.truth(),
  }
  const books = new Map((await booksOf(inside)).map((each) => [each.id, each]))
  const problems: string[] = []
  const ends: string[] = []
  for (const [index, customer] of customers.entries()) {
    const { way, course, aftermath, amount } = customer.purchase
    const name = `purchase ${index} (${way} ${course} ${aftermath})`
    for (const { path, answers, isKept } of customer.asks.values())
      if (isKept && new Set(answers).size > 1)
        problems.push(`${name}: answers to ${path} differ: ${answers.join(' | ')}`)
    const kept = books.get(paymentIdOf(customer) ?? '')
    if (!kept) {
      problems.push(`${name}: it is not here`)
      continue
    }
    problems.push(...compare(customer.purchase, kept, theirs).map((each) => `${name}: ${each}`))
    const { id: _id, ...rest } = kept
    const said = [...customer.asks].map(([asked, ask]) => `${asked} ${ask.said}`).toSorted()
    // Of two that ask for the same thing one gets it, and either may be the first.
    const heard = said.map((each) => each.replace(/^(one|another) /, '')).toSorted()
    ends.push(
      `${way} ${course} ${aftermath} ${amount}: ${heard.join(', ')} ${JSON.stringify(rest)}`,
    )
  }
  problems.push(...orphans(theirs.intents, books), ...(await wholeOf(inside, theirs.truth)))
  const digest = createHash('sha256').update(ends.join('\n')).digest('hex').slice(0, 16)
  return { digest, ends, problems }
}

/** What Stripe moved is what the scenario says, and what the ledger says; posted once, and heard of once. */
function compare(purchase: Purchase, kept: Books, theirs: Theirs): string[] {
  const own = theirs.intents.filter(({ metadata }) => metadata['payment_id'] === kept.id)
  const paid = own.filter(({ status }) => status === 'succeeded')
  const open = own.filter(({ status }) => status !== 'succeeded' && status !== 'canceled')
  const isToBePaid = isPaid(purchase)
  if (paid.length !== (isToBePaid ? 1 : 0) || (isToBePaid && open.length > 0) || open.length > 1)
    return [`Stripe has ${JSON.stringify(own.map(({ id, status }) => `${id} ${status}`))}`]
  const charge = paid[0]?.latest_charge ?? ''
  const isOfIt = (each: OfCharge) => each.charge === charge
  const refunds = theirs.refunds.filter(isOfIt)
  const wanted = movedBy(purchase)
  const moved = { refunds: refunds.length, refunded: 0, lost: 0 }
  const sums = { captured: 0, fee: 0, net: 0 }
  const add = (id: string): number => {
    const { amount = 0, fee = 0, net = 0 } = theirs.truth.by_source[id] ?? {}
    sums.fee += fee
    sums.net += net
    return amount
  }
  sums.captured = add(charge)
  for (const { id } of refunds) moved.refunded -= add(id)
  for (const { id } of theirs.disputes.filter(isOfIt)) moved.lost -= add(id)
  const left = sums.captured - moved.refunded
  const expected = {
    balances: without0({
      escrow: Math.max(left - moved.lost, 0),
      psp_fee: -sums.fee,
      psp_clearing: -sums.net,
      chargeback_loss: -Math.max(moved.lost - left, 0),
    }),
    captures: isToBePaid ? 1 : 0,
    held: isToBePaid ? 1 : 0,
    started: 1,
  }
  const { captures, held, started } = kept
  const found = { balances: without0(kept.balances), captures, held, started }
  return [
    ...(sums.captured === (isToBePaid ? purchase.amount : 0)
      ? []
      : [`Stripe took ${sums.captured} of ${purchase.amount}`]),
    ...differing('Stripe moved', wanted, moved),
    ...differing('the ledger has', expected, found),
  ]
}

const differing = (what: string, expected: object, found: object): string[] =>
  JSON.stringify(expected) === JSON.stringify(found)
    ? []
    : [`expected ${JSON.stringify(expected)}, ${what} ${JSON.stringify(found)}`]

/** In one order. */
const without0 = (balances: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(balances)
      .filter(([, amount]) => amount !== 0)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )

/** Nothing is at Stripe that we do not know of. */
function orphans(intents: readonly Intent[], books: ReadonlyMap<string, Books>): string[] {
  return intents
    .filter(({ metadata }) => !books.has(metadata['payment_id'] ?? ''))
    .map(({ id }) => `nobody knows ${id}`)
}

/** The ledger's invariants, and I7: what Stripe owes us is what it says it owes us. */
async function wholeOf({ check, query }: Ground['inside'], truth: Truth): Promise<string[]> {
  const findings = await check()
  const [clearing] = await query<{ amount: number }>(
    `select coalesce(sum(case when a.id = p.debit_id then p.amount else -p.amount end), 0)::int as amount
     from ledger_accounts a join ledger_postings p on a.id in (p.debit_id, p.credit_id)
     where a.kind = 'psp_clearing' and a.asset = 'USD'`,
  )
  const owed = (truth.available['usd'] ?? 0) + (truth.pending['usd'] ?? 0)
  const dead = await query<{ object_id: string }>(
    'select object_id from inbox_objects where dead_at is not null',
  )
  return [
    ...findings.map((finding) => JSON.stringify(finding)),
    ...(clearing?.amount === owed ? [] : [`I7: ${clearing?.amount} here, ${owed} at Stripe`]),
    ...dead.map(({ object_id }) => `${object_id} was given up`),
  ]
}

const booksOf = ({ query }: Ground['inside']) =>
  query<Books>(
    `select p.id, p.state, p.failure,
       (select coalesce(jsonb_object_agg(kind, amount), '{}') from (
          select a.kind, sum(case o.credit_id when a.id then o.amount else -o.amount end)::int as amount
          from ledger_transactions t join ledger_postings o on o.transaction_id = t.id
          join ledger_accounts a on a.id in (o.debit_id, o.credit_id)
          where t.ref_type = 'payment' and t.ref_id = p.id::text group by a.kind order by a.kind) as sums) as balances,
       (select count(*)::int from ledger_transactions t
          where t.ref_type = 'payment' and t.ref_id = p.id::text and t.reason = 'payments.captured') as captures,
       (select count(*)::int from platform_events e where e.subject_id = p.id::text and e.name = 'payments.held') as held,
       (select count(*)::int from platform_events e where e.subject_id = p.id::text and e.name = 'payments.started') as started,
       (select coalesce(string_agg(r.state || ' ' || r.origin || ' ' || r.amount, ', ' order by r.amount, r.state, r.origin), '')
          from refunds_refunds r where r.payment_id = p.id and (r.provider_ref is not null or r.state <> 'failed')) as refunds,
       (select coalesce(string_agg(d.state || ' ' || d.amount || ' claims ' || d.claims, ', ' order by d.amount), '')
          from disputes_disputes d where d.payment_id = p.id) as disputes,
       concat_ws(' ', p.captured, p.refunded, p.refund_pending, p.charged_back, p.disputed) as shown
     from payments_payments p`,
  )
