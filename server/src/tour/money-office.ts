/**
 * The chapter on money as finance sees it: a part of what was paid goes back, what the provider told is looked at again,
 * and both books are compared until nothing is different.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Answer, type Call, get, post, text } from './client.ts'
import type { Guide } from './step.ts'

const part = '400'
const pollMs = 500
/** A worker has to get to it, and the provider is asked page by page. */
const patienceMs = 60_000

export type Paid = {
  readonly paymentId: string
  /** What the provider calls it. */
  readonly providerRef: string
}

/** `bearer` is of somebody who has just shown a factor. */
export async function moneyOfficeChapter(
  guide: Guide,
  bearer: string,
  { paymentId, providerRef }: Paid,
): Promise<void> {
  const key = randomUUID()
  const refund: Call = {
    ...post(
      `/payments/${paymentId}/refunds`,
      { amount: part, reason: 'requested_by_customer' },
      bearer,
    ),
    headers: { 'idempotency-key': key },
  }
  const asked = await guide.call('finance gives a part back', refund, 201, refundIn)
  const again = await guide.call('asked again, it is the same refund', refund, 201, refundIn)
  if (text(again.body, 'data', 'id') !== text(asked.body, 'data', 'id'))
    throw new Error('it is another refund')
  const payment = get(`/payments/${paymentId}`, bearer)
  await until(guide, payment, (body) => text(body, 'data', 'refunded', 'amount') === part)
  await guide.call('the customer has it', payment, 200, ({ body }) => {
    const refunded = text(body, 'data', 'refunded', 'amount')
    if (refunded !== part) throw new Error(`${refunded} was refunded`)
    return `${text(body, 'data', 'captured', 'amount')} came in, ${refunded} went back, state ${text(body, 'data', 'state')}`
  })
  await replayChapter(guide, bearer, providerRef)
  await guide.call('which changed nothing', payment, 200, ({ body }) => {
    const refunded = text(body, 'data', 'refunded', 'amount')
    if (refunded !== part) throw new Error(`now ${refunded} was refunded`)
    return `${refunded} went back`
  })
  await compareChapter(guide, bearer, paymentId)
}

async function replayChapter(guide: Guide, bearer: string, providerRef: string): Promise<void> {
  const events = await guide.call(
    'what the provider told of it',
    get(`/admin/inbox/events?objectId=${providerRef}&limit=1`, bearer),
    200,
    ({ body }) => `${text(body, 'data', 0, 'type')}, ${text(body, 'data', 0, 'state')}`,
  )
  const event = `/admin/inbox/events/${text(events.body, 'data', 0, 'id')}`
  await guide.call('is looked at once more', post(`${event}/replay`, undefined, bearer), 204)
  const read = get(event, bearer)
  await until(guide, read, (body) => text(body, 'data', 'state') === 'processed')
  await guide.call('and done', read, 200, ({ body }) => {
    const state = text(body, 'data', 'state')
    if (state !== 'processed') throw new Error(`it is ${state}`)
    return state
  })
}

async function compareChapter(guide: Guide, bearer: string, paymentId: string): Promise<void> {
  const wanted: Call = {
    ...post('/reconciliation/runs', { span: '24h' }, bearer),
    headers: { 'idempotency-key': randomUUID() },
  }
  const asked = await guide.call(
    'our books and the provider’s are compared',
    wanted,
    202,
    ({ body }) => text(body, 'data', 'state'),
  )
  const run = get(`/reconciliation/runs/${text(asked.body, 'data', 'id')}`, bearer)
  await until(guide, run, (body) => !isUnderWay(text(body, 'data', 'run', 'state')))
  await guide.call('and say the same', run, 200, ({ body }) => {
    const { data } = body as { data: { findings: { ourId: string | null; outcome: string }[] } }
    const state = text(body, 'data', 'run', 'state')
    // A stand-in whose file was deleted knows nothing of the payments before: those are no fault of this one.
    const left = data.findings.filter(({ outcome }) => outcome !== 'healed')
    if (isUnderWay(state) || state === 'failed' || left.some(({ ourId }) => ourId === paymentId))
      throw new Error(`it is ${state}, with ${left.length} differences`)
    return `${state}: ${left.length} differences`
  })
}

const isUnderWay = (state: string) => state === 'waiting' || state === 'running'
const refundIn = ({ body }: Answer) =>
  `${text(body, 'data', 'amount', 'amount')} ${text(body, 'data', 'amount', 'currency')}, state ${text(body, 'data', 'state')}`

/** Asks until it is so, or for as long as is reasonable; the step after it says whether it is. */
async function until(guide: Guide, read: Call, isSo: (body: unknown) => boolean): Promise<void> {
  const end = Date.now() + patienceMs
  while (Date.now() < end) {
    if (isSo((await guide.client.call(read)).body)) return
    await pause(pollMs)
  }
}
