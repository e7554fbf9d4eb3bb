/** What a provider's return says by a code alone (docs/sign-in-providers.md): there is no answer that has words for it. */
import { defineWords } from '../../frame/words.ts'

export const refusalWords = defineWords(
  {
    'oidc.access_denied': 'You said no there. Sign in another way, or try again.',
    'oidc.account_exists':
      'There is an account with this address. Sign in another way, then add the provider to your account.',
    'oidc.email_not_verified': 'The provider does not say that your address is confirmed.',
    'oidc.identity_removed': 'This link was taken off its account. Sign in another way.',
    'oidc.invalid_state': 'This sign-in is over, or was begun in another browser. Begin again.',
    'oidc.provider_refused': 'What the provider answered proves nothing. Begin again.',
    'oidc.provider_unavailable': 'The provider does not answer. Try again in a moment.',
    'oidc.registration_closed': 'New accounts are made by invitation only.',
    other: 'That did not work ({code}). Sign in another way.',
  },
  {
    'oidc.access_denied': 'Sie haben dort abgelehnt. Versuchen Sie es noch einmal oder anders.',
    'oidc.account_exists':
      'Es gibt ein Konto mit dieser Adresse. Melden Sie sich auf andere Art an und verknüpfen Sie den Anbieter dann.',
    'oidc.email_not_verified': 'Der Anbieter sagt nicht, dass Ihre Adresse bestätigt ist.',
    'oidc.identity_removed':
      'Diese Verknüpfung wurde von ihrem Konto entfernt. Melden Sie sich auf andere Art an.',
    'oidc.invalid_state':
      'Diese Anmeldung ist vorbei oder wurde in einem anderen Browser begonnen. Beginnen Sie noch einmal.',
    'oidc.provider_refused': 'Die Antwort des Anbieters beweist nichts. Beginnen Sie noch einmal.',
    'oidc.provider_unavailable':
      'Der Anbieter antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'oidc.registration_closed': 'Neue Konten gibt es nur auf Einladung.',
    other: 'Das hat nicht geklappt ({code}). Melden Sie sich auf andere Art an.',
  },
)
