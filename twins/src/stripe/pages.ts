/** The pages people see: where they pay, and where their bank asks whether it is them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { intentOfSession, pay, successUrl } from './checkout.ts'
import { StripeError } from './errors.ts'
import { collectInvoice, intentOf } from './invoices.ts'
import { alert, button, contentSecurityPolicy, escape, link, renderHtml } from './html.ts'
import { visitOnboarding } from './onboarding.ts'
import { authenticate } from './payments.ts'
import { visitPortal } from './portal.ts'
import { testCards } from './test-cards.ts'
import type { Shown, Visit } from './visits.ts'
import { type World, inAnyHome } from './world.ts'

const visits: Readonly<Record<string, (visit: Visit) => Shown | null>> = {
  '/c/pay/': checkout,
  '/authenticate/': bank,
  '/receipts/': receipt,
  '/setup/': visitOnboarding,
  '/p/session/': visitPortal,
  '/i/': hosted,
}

export function isPage(url: string): boolean {
  return Object.keys(visits).some((prefix) => url.startsWith(prefix))
}

export function answerPage(
  world: World,
  message: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  const [pathname = '/'] = (message.url ?? '/').split('?', 1)
  const [prefix = '', visit] =
    Object.entries(visits).find(([each]) => pathname.startsWith(each)) ?? []
  const form = message.method === 'POST' ? new URLSearchParams(body) : null
  world.clock.catchUp()
  const shown = visit?.({ world, id: pathname.slice(prefix.length), form }) ?? {
    status: 404,
    html: renderHtml('There is nothing here', '<p>It may have expired.</p>'),
  }
  world.memory.commit()
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy,
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
  }
  if ('location' in shown) response.writeHead(303, { ...headers, location: shown.location }).end()
  else response.writeHead(shown.status, headers).end(shown.html)
}

function checkout({ world, id, form }: Visit): Shown | null {
  const found = inAnyHome(world, (home) => home.sessions.get(id))
  if (!found) return null
  const { home, object: session } = found
  let trouble = ''
  if (form && session.status === 'open') {
    try {
      pay(home, session, form.get('card') ?? '', form.get('email') ?? '')
    } catch (error) {
      if (!(error instanceof StripeError)) throw error
      trouble = error.message
    }
  }
  if (session.status === 'complete') return { location: successUrl(session) }
  if (session.status === 'expired') return null
  const intent = intentOfSession(home, session)
  if (intent?.status === 'requires_action' && form && trouble === '')
    return { location: `${world.url}/authenticate/${intent.id}` }
  const rows = (home.lineItems.get(id) ?? []).map(
    (item) =>
      `<tr><td>${item.quantity} × ${escape(item.description)}</td><td>${item.amount_total}</td></tr>`,
  )
  const email = session.customer_email ?? home.customers.get(session.customer ?? '')?.email ?? ''
  return {
    status: trouble === '' ? 200 : 402,
    html: renderHtml(
      'Checkout',
      `${alert(trouble)}
<table>${rows.join('')}<tr><td>Total, in the smallest unit of ${session.currency}</td><td>${session.amount_total}</td></tr></table>
<form method="post"><label>E-mail <input type="email" name="email" value="${escape(email)}"></label>
${cardButtons(session.payment_method_types)}</form>${link(session.cancel_url ?? '', 'Cancel and go back')}`,
    ),
  }
}

function bank({ world, id, form }: Visit): Shown | null {
  const found = inAnyHome(world, (home) => home.paymentIntents.get(id))
  if (!found || found.object.status !== 'requires_action') return null
  const { home, object: intent } = found
  if (!form)
    return {
      status: 200,
      html: renderHtml(
        'Your bank',
        `<p>Do you want to pay ${intent.amount} (smallest unit) ${escape(intent.currency)}?</p>
<form method="post">${button('answer', 'yes', 'Yes, it is me')}${button('answer', 'no', 'No')}</form>`,
      ),
    }
  const back = returnUrlOf(intent.next_action)
  authenticate(home, intent, form.get('answer') === 'yes')
  if (back === null)
    return { status: 200, html: renderHtml('Thank you', '<p>You may go back.</p>') }
  back.searchParams.set('payment_intent', intent.id)
  back.searchParams.set('payment_intent_client_secret', intent.client_secret)
  back.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed')
  return { location: back.href }
}

function receipt({ world, id }: Visit): Shown | null {
  const found = inAnyHome(world, (home) => home.charges.get(id))
  if (!found) return null
  const { amount_captured: paid, amount_refunded: returned, currency } = found.object
  return {
    status: 200,
    html: renderHtml('Receipt', `<p>${paid} ${escape(currency)} paid, ${returned} given back.</p>`),
  }
}

function hosted({ world, id, form }: Visit): Shown | null {
  const found = inAnyHome(world, (home) => home.invoices.get(id))
  if (!found || found.object.status === 'draft') return null
  const { home, object: invoice } = found
  let trouble = ''
  if (form && invoice.status === 'open') {
    try {
      trouble = collectInvoice(home, invoice, form.get('card') ?? '')?.message ?? ''
    } catch (error) {
      if (!(error instanceof StripeError)) throw error
      trouble = error.message
    }
    if (home.paymentIntents.get(intentOf(home, invoice).id)?.status === 'requires_action')
      return { location: `${world.url}/authenticate/${intentOf(home, invoice).id}` }
  }
  const body = `<p>${invoice.amount_due} ${escape(invoice.currency)}, in the smallest unit: ${invoice.status}.</p>`
  const payment = `<form method="post">${cardButtons(['card', 'us_bank_account'])}</form>`
  return {
    status: trouble === '' ? 200 : 402,
    html: renderHtml(
      `Invoice ${invoice.number ?? ''}`,
      `${alert(trouble)}${body}${invoice.status === 'open' ? payment : ''}`,
    ),
  }
}

function cardButtons(types: readonly string[]): string {
  return testCards
    .filter((card) => types.includes(card.type))
    .map((card) =>
      button(
        'card',
        card.type === 'card' ? `pm_card_${card.name}` : `pm_${card.name}`,
        `Pay with ${card.name}${card.number === null ? '' : `, ${card.number}`}`,
      ),
    )
    .join('\n')
}

function returnUrlOf(action: object | null): URL | null {
  const redirect: unknown = action && Reflect.get(action, 'redirect_to_url')
  const url: unknown = redirect instanceof Object ? Reflect.get(redirect, 'return_url') : null
  return typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
}
