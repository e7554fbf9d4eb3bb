/**
 * The server's refusals in the languages that it does not speak itself. A code that is not here is shown as the server
 * says it, in English.
 */
import type { Language } from './words.ts'

export const problemWords: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {},
  de: {
    'http.invalid_request': 'Etwas stimmt mit der Eingabe nicht.',
    'access.unauthenticated': 'Melden Sie sich zuerst an.',
    'access.forbidden': 'Das dürfen Sie nicht.',
    'access.impersonated': 'Das darf nur, wem das Konto gehört.',
    'limits.exceeded': 'Das waren zu viele Versuche. Warten Sie etwas, dann geht es weiter.',
    'auth.invalid_credentials': 'Name oder Passwort stimmen nicht.',
    'audit.contradicting_filters': 'Zwei Filter widersprechen einander.',
    'audit.fact_not_found': 'Diesen Eintrag gibt es im Protokoll nicht.',
    'audit.nothing_found': 'Unter dieser Id ist nichts bekannt.',
    'jobs.not_a_dead_letter': 'Dieser Auftrag ist nicht gescheitert.',
    'jobs.not_found': 'Diesen Auftrag gibt es nicht, oder nicht mehr.',
    'jobs.schedule_not_found': 'Einen Auftrag dieses Namens startet die Uhr nicht.',
    'jobs.store_unavailable': 'Die Warteschlange ist gerade nicht erreichbar.',
    'jobs.waits_already': 'Einer davon wartet schon und läuft als nächster.',
    'mail.not_found': 'Diese E-Mail gibt es nicht.',
    'mail.not_kept': 'Was diese E-Mail sagt, wurde nicht behalten.',
    'monitoring.alert_not_found': 'Diesen Alarm gibt es nicht.',
    'monitoring.already_acknowledged': 'Um diesen Alarm kümmert sich schon jemand.',
    'monitoring.requests_not_counted':
      'Nur der Anteil der Fehler hat eine Mindestzahl der Anfragen.',
    'monitoring.share_above_all': 'Ein Anteil ist eine Zahl von 1 bis 100 Prozent.',
    'monitoring.unknown_type': 'Diese Art von Alarm gibt es nicht.',
  },
}
