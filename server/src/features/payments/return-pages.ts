/** Where the provider's page sends a customer: to an address of ours, or to a plain page of this server. */
import type { Settings } from '../../platform/context.ts'
import type { App } from '../../platform/http/index.ts'
import { ownAddress } from '../../platform/http/own-addresses.ts'
import { type WordedPage, definePage, servePages } from '../../platform/http/worded-pages.ts'
import type { Way } from './attempts.ts'
import { errors } from './errors.ts'

export type Addresses = {
  readonly successUrl?: string | undefined
  readonly cancelUrl?: string | undefined
}

type Words = {
  readonly title: string
  readonly lead: string
  readonly payments: string
  readonly payment: string
}

/** The provider's page adds which payment it was about; whoever paid it looks at it in the portal. */
const script = `const payment=new URLSearchParams(location.search).get('payment'),link=$('main a');
if(/^[0-9a-f-]{36}$/.test(payment)){link.href+='/'+payment;link.textContent=words.payment}`

const pageOf = (path: string, words: Readonly<Record<'en' | 'de', Words>>): WordedPage =>
  definePage({
    path,
    words,
    problems: { de: {} },
    body: ({ title, lead, payments }) =>
      `<h1>${title}</h1><p>${lead}</p><p><a href="/account/payments">${payments}</a></p>`,
    script,
  })

/** That somebody comes here proves nothing, so nothing is said of whether it is paid. */
const thanks = pageOf('/checkout/thanks', {
  en: {
    title: 'Thank you',
    lead: 'Your payment is being confirmed. You may close this page.',
    payments: 'See your payments',
    payment: 'See what becomes of it',
  },
  de: {
    title: 'Vielen Dank',
    lead: 'Ihre Zahlung wird bestätigt. Sie können diese Seite schließen.',
    payments: 'Ihre Zahlungen ansehen',
    payment: 'Sehen, was daraus wird',
  },
})
const cancelled = pageOf('/checkout/cancelled', {
  en: {
    title: 'Nothing was paid',
    lead: 'You may go back and choose another way to pay.',
    payments: 'See your payments',
    payment: 'Pay another way',
  },
  de: {
    title: 'Es wurde nichts bezahlt',
    lead: 'Sie können zurückgehen und anders bezahlen.',
    payments: 'Ihre Zahlungen ansehen',
    payment: 'Anders bezahlen',
  },
})

export async function returnPages(app: App): Promise<void> {
  servePages(app, [thanks, cancelled])
}

/** Asked for, configured, or our own, in this order. Throws `payments.address_not_allowed` (422). */
export function pageWay(
  { publicUrl, frontendUrl, stripeSuccessUrl, stripeCancelUrl }: Settings,
  origins: ReadonlySet<string>,
  given: Addresses,
): Way {
  const addressOf = (name: keyof Addresses, usual: string) => {
    const asked = given[name]
    if (asked === undefined) return usual
    const address = ownAddress(asked, { home: frontendUrl, origins })
    if (address === null) throw errors.address_not_allowed({ field: name })
    return address
  }
  return {
    kind: 'session',
    successUrl: addressOf('successUrl', stripeSuccessUrl ?? `${publicUrl}${thanks.path}`),
    cancelUrl: addressOf('cancelUrl', stripeCancelUrl ?? `${publicUrl}${cancelled.path}`),
  }
}
