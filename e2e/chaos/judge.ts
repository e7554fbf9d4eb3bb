/**
 * Whether all is right afterwards. Asked are Stripe, which knows what moved, and the ledger with its invariants; what our
 * rows say of themselves proves nothing, and is only compared between two runs of one scenario.
 */
import { createHash } from 'node:crypto'
import type { Customer } from './customers.ts'
import type { Intent, Truth } from './stripe.ts'
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
  readonly attempts: string
}

export async function judge(
  { inside, stripe }: Ground,
  customers: readonly Customer[],
): Promise<Verdict> {
  const intents = await stripe.intents()
  const truth = await stripe.truth()
  const books = new Map((await booksOf(inside)).map((each) => [each.id, each]))
  const problems: string[] = []
  const ends: string[] = []
  for (const [index, customer] of customers.entries()) {
    const { course, amount } = customer.purchase
    const name = `purchase ${index} (${course})`
    const { paymentId = '' } = customer.started ?? {}
    const own = intents.filter(({ metadata }) => metadata['payment_id'] === paymentId)
    const kept = books.get(paymentId)
    if (!kept || own.length !== 1) {
      problems.push(`${name}: ${kept ? 1 : 0} payments here and ${own.length} at Stripe`)
      continue
    }
    if (new Set(customer.answers).size !== 1)
      problems.push(`${name}: its answers differ: ${customer.answers.join(' | ')}`)
    const [intent] = own
    if (intent) problems.push(...compare(name, intent, truth, kept))
    const { id: _id, ...rest } = kept
    ends.push(`${course} ${amount}: ${intent?.status} ${JSON.stringify(rest)}`)
  }
  problems.push(...orphans(intents, books), ...(await wholeOf(inside, truth)))
  const digest = createHash('sha256').update(ends.join('\n')).digest('hex').slice(0, 16)
  return { digest, ends, problems }
}

/** What Stripe moved for a payment is what the ledger says, posted once, and heard of once. */
function compare(name: string, intent: Intent, truth: Truth, kept: Books): string[] {
  const moved = intent.status === 'succeeded' ? truth.by_source[intent.latest_charge ?? ''] : null
  const expected = {
    escrow: moved?.amount ?? 0,
    psp_fee: -(moved?.fee ?? 0),
    psp_clearing: -(moved?.net ?? 0),
    times: moved ? 1 : 0,
    held: moved ? 1 : 0,
    started: 1,
  }
  const { escrow = 0, psp_fee = 0, psp_clearing = 0 } = kept.balances
  const { captures: times, held, started } = kept
  const found = { escrow, psp_fee, psp_clearing, times, held, started }
  if (intent.status === 'succeeded' && moved?.amount !== intent.amount)
    return [`${name}: Stripe moved ${moved?.amount} of ${intent.amount}`]
  return JSON.stringify(found) === JSON.stringify(expected)
    ? []
    : [`${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`]
}

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
       (select string_agg(a.number || ' ' || coalesce(a.outcome, 'open'), ', ' order by a.number)
          from payments_attempts a where a.payment_id = p.id) as attempts
     from payments_payments p`,
  )
