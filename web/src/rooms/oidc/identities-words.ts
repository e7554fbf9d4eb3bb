/** What the portal says of accounts elsewhere. */
import { defineWords } from '../../frame/words.ts'

export const identitiesWords = defineWords(
  {
    security: 'Security',
    identities: 'Other accounts',
    lead: 'Accounts elsewhere, with which you sign in here.',
    linked: 'Linked',
    none: 'No other account is linked.',
    linkedAt: 'Linked',
    lastUsed: 'last used',
    add: 'Link {name}',
    addTitle: 'Add another',
    noProviders: 'There is no provider to link here.',
    remove: 'Remove',
    removeConsequence:
      'It opens your account no more, and what it has signed in ends. That may be the session that you are in.',
    removed: 'It is no longer linked.',
    nowLinked: 'The account is linked.',
    notLinked: 'Nothing was linked',
  },
  {
    security: 'Sicherheit',
    identities: 'Andere Konten',
    lead: 'Konten anderswo, mit denen Sie sich hier anmelden.',
    linked: 'Verknüpft',
    none: 'Kein anderes Konto ist verknüpft.',
    linkedAt: 'Verknüpft',
    lastUsed: 'zuletzt benutzt',
    add: '{name} verknüpfen',
    addTitle: 'Noch eines',
    noProviders: 'Hier gibt es keinen Anbieter, der sich verknüpfen ließe.',
    remove: 'Entfernen',
    removeConsequence:
      'Es öffnet Ihr Konto nicht mehr, und was es angemeldet hat, endet. Das kann die Sitzung sein, in der Sie gerade sind.',
    removed: 'Es ist nicht mehr verknüpft.',
    nowLinked: 'Das Konto ist verknüpft.',
    notLinked: 'Es wurde nichts verknüpft',
  },
)
