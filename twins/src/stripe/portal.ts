/** The billing portal: where customers see their subscriptions and end them, or change how they pay. */
import { emit } from './events.ts'
import { alert, button, escape, link, renderHtml } from './html.ts'
import { newId } from './ids.ts'
import { operation } from './operation.ts'
import { required, text } from './parameters.ts'
import { usePaymentMethod } from './payment-methods.ts'
import { setEnd } from './subscription-operations.ts'
import { change, hasEnded } from './subscription-states.ts'
import { type Home, inAnyHome, takeCustomer } from './world.ts'
import type { Shown, Visit } from './visits.ts'

export type PortalSession = {
  id: string
  object: 'billing_portal.session'
  configuration: string
  created: number
  customer: string
  flow: null
  livemode: false
  locale: null
  on_behalf_of: null
  return_url: string | null
  url: string
}

const openSeconds = 3600

export const portalOperations = [
  operation('POST /v1/billing_portal/sessions', {
    parameters: { customer: required(text), return_url: text },
    answers: 'billing_portal.session',
    run({ home, now, url, values }) {
      const customer = takeCustomer(home, values.customer, 'customer')
      const id = newId('bps')
      const session: PortalSession = {
        id,
        object: 'billing_portal.session',
        configuration: 'bpc_twin',
        created: now,
        customer: customer.id,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: values.return_url ?? null,
        url: `${url}/p/session/${id}`,
      }
      home.portals.set(id, session)
      return session
    },
  }),
]

export function visitPortal({ world, id, form }: Visit): Shown | null {
  const found = inAnyHome(world, (home) => home.portals.get(id))
  if (!found || found.object.created + openSeconds < world.clock.now()) return null
  const { home, object: session } = found
  const trouble = form ? act(home, session.customer, form) : ''
  const rows = ownSubscriptions(home, session.customer).map((each) => {
    const next = each.cancel_at_period_end
      ? button('resume', each.id, 'Do not cancel')
      : button('cancel', each.id, 'Cancel at the end of the period')
    return `<h2>${escape(each.description ?? each.id)}: ${each.status}</h2>${next}${button('card', each.id, 'Pay with a new card (visa)')}`
  })
  return {
    status: 200,
    html: renderHtml(
      'Your subscriptions',
      `${alert(trouble)}<form method="post">${rows.join('') || '<p>There are none.</p>'}</form>${link(session.return_url ?? '', 'Go back')}`,
    ),
  }
}

function act(home: Home, customer: string, form: URLSearchParams): string {
  const id = form.get('cancel') ?? form.get('resume') ?? form.get('card')
  const own = ownSubscriptions(home, customer).find((each) => each.id === id)
  const subscription = home.subscriptions.get(own?.id ?? '')
  if (!subscription) return 'There is no such subscription.'
  if (form.has('cancel')) setEnd(home, subscription, true)
  if (form.has('resume')) setEnd(home, subscription, false)
  if (form.has('card')) {
    const method = usePaymentMethod(home, 'pm_card_visa', customer, { isAttached: true })
    change(home, subscription, () => void (subscription.default_payment_method = method.id))
    const owner = takeCustomer(home, customer)
    owner.invoice_settings.default_payment_method = method.id
    emit(home, 'customer.updated', owner)
  }
  return ''
}

function ownSubscriptions(home: Home, customer: string) {
  return [...home.subscriptions.values()].filter(
    (each) => each.customer === customer && !hasEnded(each),
  )
}
