/** The page on which the owner of a connected account tells who they are. */
import { accountStates, setState } from './accounts.ts'
import { button, escape, renderHtml } from './html.ts'
import type { Shown, Visit } from './visits.ts'
import { homeOf } from './world.ts'

const labels = {
  enabled: 'Finish: everything is in order',
  pending: 'Finish: it has to be checked',
  restricted: 'Leave something out',
  rejected: 'Be refused',
} as const

/** A link opens the page once; whoever comes again is sent to fetch a new one. */
export function visitOnboarding({ world, id, form }: Visit): Shown | null {
  const link = world.accountLinks.get(id)
  const account = world.accounts.get(link?.accountId ?? '')
  if (!link || !account) return null
  if (form) {
    const state = accountStates.find((each) => each === form.get('state'))
    if (link.until !== 0) return { location: link.refreshUrl }
    if (state) setState(homeOf(world, account.id), account, state)
    world.accountLinks.delete(id)
    return { location: link.returnUrl }
  }
  if (link.until <= world.clock.now()) return { location: link.refreshUrl }
  link.until = 0
  const choices = accountStates.map((state) => button('state', state, labels[state]))
  return {
    status: 200,
    html: renderHtml(
      'Onboarding',
      `<p>The account ${escape(account.id)}${account.email === null ? '' : ` of ${escape(account.email)}`} wants to be paid.</p>
<form method="post">${choices.join('')}${button('state', '', 'Go back and do nothing')}</form>`,
    ),
  }
}
