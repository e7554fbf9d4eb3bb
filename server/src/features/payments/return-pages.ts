/** Where the provider's page sends a customer: to an address of ours, or to a plain page of this server. */
import type { Settings } from '../../platform/context.ts'
import type { App } from '../../platform/http/index.ts'
import { ownAddress } from '../../platform/http/own-addresses.ts'
import { escapeHtml } from '../../platform/http/pages.ts'
import { type WordedPage, servePages } from '../../platform/http/worded-pages.ts'
import type { Way } from './attempts.ts'
import { errors } from './errors.ts'

export type Addresses = {
  readonly successUrl?: string | undefined
  readonly cancelUrl?: string | undefined
}

type Words = { readonly title: string; readonly lead: string }

const pageOf = (path: string, words: Readonly<Record<'en' | 'de', Words>>): WordedPage => ({
  path,
  contentIn: (language) => {
    const { title, lead } = words[language]
    return {
      title,
      language,
      body: `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(lead)}</p>`,
    }
  },
})

/** That somebody comes here proves nothing, so nothing is said of whether it is paid. */
const thanks = pageOf('/checkout/thanks', {
  en: {
    title: 'Thank you',
    lead: 'Your payment is being confirmed. You may close this page.',
  },
  de: {
    title: 'Vielen Dank',
    lead: 'Ihre Zahlung wird bestätigt. Sie können diese Seite schließen.',
  },
})
const cancelled = pageOf('/checkout/cancelled', {
  en: { title: 'Nothing was paid', lead: 'You may go back and choose another way to pay.' },
  de: {
    title: 'Es wurde nichts bezahlt',
    lead: 'Sie können zurückgehen und anders bezahlen.',
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
