/**
 * The chapter on money: a payment on the provider's page, paid as a customer pays it, until the money is there; and one
 * that is cancelled. With a stand-in the page is pressed; on Stripe's own page only a person can pay.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Call, codeIn, get, post, text } from './client.ts'
import { type Customer, registered } from './customer.ts'
import type { Paid } from './money-office.ts'
import { type Guide, WrongStep } from './step.ts'

const price = { amount: '1099', currency: 'USD' }
/** What the stand-in's page calls the card that pays; a number that Stripe documents for tests. */
const card = 'pm_card_visa'
const cardNumber = '4242 4242 4242 4242'
const pollMs = 500
/** The provider tells us within a second; somebody who has to find their card takes longer. */
const patienceMs = { standIn: 30_000, person: 10 * 60_000 }
const timeoutMs = 15_000

/** What was paid, for whoever looks after it; null where payments are not set up. */
export async function moneyChapter(guide: Guide): Promise<Paid | null> {
  const customer = await registered(guide)
  const wanted = { ...price, description: 'A tour of the house' }
  const key = randomUUID()
  // Where payments are not set up that is the answer, and no mistake.
  const probe = await guide.client.call(keyed('/checkout/sessions', wanted, customer, key))
  if (probe.status === 503 && codeIn(probe) === 'payments.not_configured') {
    guide.tell('payments', 'nothing', 'left out: they are not set up here (STRIPE_SECRET_KEY)')
    return null
  }
  const started = await guide.call(
    'a payment is started on the provider’s page; asked again, it is the same one',
    keyed('/checkout/sessions', wanted, customer, key),
    201,
    ({ body, headers }) => {
      if (text(body, 'data', 'url') !== text(probe.body, 'data', 'url'))
        throw new Error('another page')
      return `${headers.get('idempotent-replayed') === 'true' ? 'the same answer' : 'the page'}: ${text(body, 'data', 'url')}`
    },
  )
  const paid = await payPage(guide, customer, {
    id: text(started.body, 'data', 'payment', 'id'),
    url: text(started.body, 'data', 'url'),
  })
  await cancelledPayment(guide, customer)
  return paid
}

async function payPage(
  guide: Guide,
  customer: Customer,
  { id, url }: { id: string; url: string },
): Promise<Paid> {
  const isPressed = await pressPage(guide, url)
  if (!isPressed)
    guide.tell(
      'now it is your turn',
      `open ${url}`,
      `pay with the card ${cardNumber}, any date to come and any three digits; the tour waits for ten minutes`,
    )
  const read = get(`/payments/${id}`, customer.bearer)
  const until = Date.now() + (isPressed ? patienceMs.standIn : patienceMs.person)
  while (Date.now() < until && (await stateIn(guide, read)) !== 'held') await pause(pollMs)
  const held = await guide.call(
    'the provider has said so: the money is held',
    read,
    200,
    ({ body }) => {
      const state = text(body, 'data', 'state')
      if (state !== 'held') throw new Error(`it is ${state}; does the webhook reach this server?`)
      return `${text(body, 'data', 'price', 'amount')} ${text(body, 'data', 'price', 'currency')} ${state}`
    },
  )
  await guide.call(
    'what is paid takes no other way to pay',
    keyed(`/payments/${id}/attempts`, { kind: 'intent' }, customer),
    409,
    codeIn,
  )
  return { paymentId: id, providerRef: text(held.body, 'data', 'providerRef') }
}

/** Presses the button of the stand-in's page, as a person would; false where the page is not one that a program may press. */
async function pressPage(guide: Guide, url: string): Promise<boolean> {
  if (new URL(url).hostname.endsWith('stripe.com')) return false
  const options = { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) } as const
  const page = await (await fetch(url, options)).text()
  if (!page.includes(`value="${card}"`)) return false
  const body = new URLSearchParams({ card, email: 'bea@example.com' })
  const reply = await fetch(url, { ...options, method: 'POST', body })
  const back = reply.headers.get('location')
  guide.tell(
    'the customer pays on it',
    `POST ${new URL(url).pathname.slice(0, 24)}… card=${card}`,
    `${reply.status} ${back ?? 'stays there'}`,
  )
  if (back === null) throw new WrongStep('the customer pays on it')
  const landed = await fetch(back, options)
  guide.tell('and is sent back', `GET ${back}`, String(landed.status))
  return true
}

async function cancelledPayment(guide: Guide, customer: Customer): Promise<void> {
  const begun = await guide.call(
    'another payment begins in a page of ours',
    keyed('/payments/create-intent', price, customer),
    201,
    ({ body }) => `state ${text(body, 'data', 'payment', 'state')}, and a secret for the browser`,
  )
  const id = text(begun.body, 'data', 'payment', 'id')
  await guide.call(
    'and is cancelled: the provider has confirmed it',
    post(`/payments/${id}/cancel`, undefined, customer.bearer),
    200,
    ({ body }) => `state ${text(body, 'data', 'state')}`,
  )
}

async function stateIn(guide: Guide, read: Call): Promise<string> {
  return text((await guide.client.call(read)).body, 'data', 'state')
}

const keyed = (path: string, body: object, { bearer }: Customer, key = randomUUID()): Call => ({
  ...post(path, body, bearer),
  headers: { 'idempotency-key': key },
})
