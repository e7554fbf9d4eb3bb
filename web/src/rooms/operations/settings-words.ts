/** What the screen about settings says. */
import { defineWords } from '../../frame/words.ts'

export const settingsWords = defineWords(
  {
    settings: 'Settings',
    lead: 'What this process runs with. Settings are changed where it is started, and hold after a restart. Secrets are never shown.',
    search: 'Search',
    searchHint: 'Name or what it is for',
    group: 'Group',
    source: 'Set',
    isSet: 'Set here',
    isDefault: 'Default',
    secret: 'Secret',
    defaultIs: 'Default: {value}',
    empty: 'Nothing matches. Loosen a filter.',
  },
  {
    settings: 'Einstellungen',
    lead: 'Womit dieser Prozess läuft. Einstellungen werden dort geändert, wo er gestartet wird, und gelten nach einem Neustart. Geheimes wird nie gezeigt.',
    search: 'Suche',
    searchHint: 'Name oder wofür sie ist',
    group: 'Gruppe',
    source: 'Bestimmt',
    isSet: 'Hier gesetzt',
    isDefault: 'Vorgabe',
    secret: 'Geheim',
    defaultIs: 'Vorgabe: {value}',
    empty: 'Nichts passt. Lockern Sie einen Filter.',
  },
)
