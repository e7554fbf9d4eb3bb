/** What the person who started the server reads: where to go. */
import type { Settings } from '../platform/context.ts'
import { mailboxPath } from './mailbox.ts'

export type Facts = { readonly installer: string | null; readonly hasEmbedded: boolean }

export function announce(settings: Settings, facts: Facts, say: (line: string) => void): void {
  const { publicUrl, roles } = settings
  say('')
  if (!roles.includes('api')) {
    say('Ashlar works on background jobs. Stop it with Ctrl-C.')
    return
  }
  say(`Ashlar is running at ${publicUrl}`)
  say(`  Sign in         ${publicUrl}/sign-in`)
  if (settings.apiDocs) say(`  API reference   ${publicUrl}/api/v1/docs`)
  if (settings.mailDriver === 'capture') say(`  Captured mail   ${publicUrl}${mailboxPath}`)
  if (settings.stripeApiUrl !== undefined)
    say(`  Payments        no real ones: a stand-in for Stripe at ${settings.stripeApiUrl}`)
  say(`  Health          ${publicUrl}/health`)
  say(`  Metrics         http://${settings.metricsHost}:${settings.metricsPort}/metrics`)
  if (facts.hasEmbedded) say(`  Data            ${settings.ashlarDataDir}/ (PostgreSQL of its own)`)
  if (facts.installer !== null) {
    say('')
    say('There is no administrator yet. Make one here (the link works once, for a day):')
    say(`  ${facts.installer}`)
  }
  say('')
  say('"npm run tour" shows it at work. Stop it with Ctrl-C.')
}
