/** The other side of a trial: the customer at Stripe, the faults of Stripe, and what Stripe knows to be true. */
import { stripeKey } from './processes.ts'

export type Form = Readonly<Record<string, string | number>>
export type Intent = {
  readonly id: string
  readonly status: string
  readonly amount: number
  readonly currency: string
  readonly latest_charge: string | null
  readonly metadata: Readonly<Record<string, string>>
}
export type Truth = {
  readonly available: Readonly<Record<string, number>>
  readonly pending: Readonly<Record<string, number>>
  /** What moved for each object. */
  readonly by_source: Readonly<Record<string, { amount: number; fee: number; net: number }>>
}
/** A refund or a dispute. */
export type OfCharge = {
  readonly id: string
  readonly status: string
  readonly amount: number
  readonly charge: string
}
type Event = { readonly id: string; readonly type: string; readonly pending_webhooks: number }
type Answer = { readonly status: number; readonly body: ReturnType<typeof JSON.parse> }

/** How often a customer tries again what was lost on the way. */
const tries = 12

export type StripeSide = ReturnType<typeof stripeSide>

export function stripeSide(url: string) {
  const call = async (method: string, path: string, form: Form = {}): Promise<Answer> => {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(form)) body.set(name, String(value))
    const reply = await fetch(
      `${url}${path}${method === 'GET' && body.size > 0 ? `?${body.toString()}` : ''}`,
      {
        method,
        headers: { authorization: `Bearer ${stripeKey}` },
        ...(method === 'POST' ? { body } : {}),
      },
    )
    return { status: reply.status, body: await reply.json() }
  }
  /** Until there is an answer that is one: connections are lost here, too. */
  const insist = async (method: string, path: string, form?: Form): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await call(method, path, form).catch(() => null)
      if (answer && answer.status < 500 && ![409, 429].includes(answer.status)) return answer
      if (attempt === tries) throw new Error(`${method} ${path} is not answered`)
    }
  }
  const all = async <Item>(path: string, form: Form = {}): Promise<Item[]> => {
    const found: (Item & { id: string })[] = []
    for (;;) {
      const last = found.at(-1)
      const { body } = await insist('GET', path, {
        ...form,
        limit: 100,
        ...(last ? { starting_after: last.id } : {}),
      })
      found.push(...body.data)
      if (!body.has_more) return found
    }
  }
  const admin = async (path: string, form: Form = {}, method = 'POST') => {
    const { status, body } = await call(method, `/_twin/${path}`, form)
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return body
  }
  const undelivered = () => all<Event>('/v1/events', { delivery_success: 'false' })

  return {
    url,
    /** Every intent that there is, whoever made it. */
    intents: () => all<Intent>('/v1/payment_intents'),
    intent: async (id: string): Promise<Intent> =>
      (await insist('GET', `/v1/payment_intents/${id}`)).body,
    refunds: () => all<OfCharge>('/v1/refunds'),
    disputes: () => all<OfCharge>('/v1/disputes'),
    /** The customer pays; a refusal of the card is an answer like others. */
    confirm: async (id: string, method: string): Promise<Answer> =>
      insist('POST', `/v1/payment_intents/${id}/confirm`, {
        payment_method: method,
        return_url: 'https://shop.test/back',
      }),
    /** On the page; returns the intent that the bank asks about, where it does. */
    press: async (page: string, card: string): Promise<string | null> => {
      const reply = await fetch(page, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ card, email: 'ada@example.com' }),
      })
      await reply.arrayBuffer()
      if (![200, 303, 402].includes(reply.status))
        throw new Error(`the page answered ${reply.status}`)
      return /\/authenticate\/(pi_\w+)/.exec(reply.headers.get('location') ?? '')?.[1] ?? null
    },
    /** The customer’s bank asks them. */
    authenticate: async (id: string, answer: 'yes' | 'no'): Promise<void> => {
      await fetch(`${url}/authenticate/${id}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ answer }),
      })
    },
    /** Returns when what was due on the way was delivered, or was tried. */
    advance: (seconds: number) => admin('clock/advance', { seconds }),
    misbehave: (form: Form) => admin('faults/seed', form),
    faultOfRequest: (form: Form) => admin('faults/requests', form),
    faultOfEvent: (form: Form) => admin('faults/events', form),
    behave: () => admin('faults', {}, 'DELETE'),
    undelivered,
    /** What only the dashboard and banks do; returns the id of what came of it. */
    make: async (path: string, form: Form = {}): Promise<string> => (await admin(path, form)).id,
    truth: async (): Promise<Truth> => {
      const { platform, accounts } = await admin('truth', {}, 'GET')
      return accounts[platform]
    },
  }
}
