/** What the screen about one's own data says. */
import { defineWords } from '../../frame/words.ts'

export const privacyWords = defineWords(
  {
    title: 'Your data',
    lead: 'Take away all that is stored about you, or have it erased.',
    exports: 'Take it away',
    exportsHint:
      'Everything that is stored about you, as a zip of JSON files. A mail says when it is ready; each is kept for a week. Three a day.',
    ask: 'Have it put together',
    asked: 'It is being put together.',
    none: 'You have not asked for your data yet.',
    archive: 'Archive of {time}',
    pending: 'Being put together',
    ready: 'Ready',
    failed: 'Failed: ask again',
    expired: 'Gone',
    size: '{size}, kept until {time}',
    download: 'Download',
    erase: 'Close your account',
    eraseHint: 'First closed, then erased.',
    eraseWhat1: 'You are signed out everywhere at once; API keys and trusted devices end as well.',
    eraseWhat2:
      'A mail to {email} says until when you can have the account back, and has the link that does it.',
    eraseWhat3:
      'After that day everything personal is deleted for good: profile, sessions, passkeys, archives.',
    eraseWhat4:
      'What books and the law need stays under a pseudonym: payments, and the record of what was done.',
    typed: 'Type {text} to go on',
    closed:
      'Your account is closed. It is erased on {time}; until then the link in the mail to {email} opens it again.',
  },
  {
    title: 'Ihre Daten',
    lead: 'Nehmen Sie mit, was über Sie gespeichert ist, oder lassen Sie es löschen.',
    exports: 'Mitnehmen',
    exportsHint:
      'Alles, was über Sie gespeichert ist, als Zip von JSON-Dateien. Eine Mail sagt, wann es bereit ist; jedes Archiv wird eine Woche aufbewahrt. Drei am Tag.',
    ask: 'Zusammenstellen lassen',
    asked: 'Es wird zusammengestellt.',
    none: 'Sie haben Ihre Daten noch nicht angefordert.',
    archive: 'Archiv vom {time}',
    pending: 'Wird zusammengestellt',
    ready: 'Bereit',
    failed: 'Gescheitert: Fordern Sie es noch einmal an',
    expired: 'Nicht mehr da',
    size: '{size}, aufbewahrt bis {time}',
    download: 'Herunterladen',
    erase: 'Konto schließen',
    eraseHint: 'Erst geschlossen, dann gelöscht.',
    eraseWhat1:
      'Sie werden sofort überall abgemeldet; auch API-Schlüssel und vertraute Geräte gelten nicht mehr.',
    eraseWhat2:
      'Eine Mail an {email} sagt, bis wann Sie das Konto wiederhaben können, und enthält den Link dazu.',
    eraseWhat3:
      'Nach diesem Tag wird alles Persönliche endgültig gelöscht: Profil, Sitzungen, Passkeys, Archive.',
    eraseWhat4:
      'Was Bücher und Gesetze brauchen, bleibt unter einem Pseudonym: Zahlungen, und das Protokoll dessen, was getan wurde.',
    typed: 'Tippen Sie {text}, um fortzufahren',
    closed:
      'Ihr Konto ist geschlossen. Gelöscht wird es am {time}; bis dahin öffnet der Link in der Mail an {email} es wieder.',
  },
)
