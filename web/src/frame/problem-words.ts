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
    // rooms/setup: the first start
    'admin.email_taken': 'Es gibt schon ein Konto mit dieser Adresse.',
    'admin.installer_closed':
      'Dieser Link wirkt nicht mehr. Nehmen Sie den, den der letzte Start gezeigt hat.',
    'twofa.already_enabled': 'Es ist schon ein Authenticator eingerichtet.',
    'twofa.code_refused':
      'Dieser Code ist falsch, zu alt oder schon verwendet. Warten Sie auf den nächsten.',
    'twofa.setup_required': 'Diese Einrichtung ist vorbei. Beginnen Sie von vorn.',
    // rooms/auth: the doors
    'auth.email_taken': 'Es gibt schon ein Konto mit dieser Adresse.',
    'auth.invalid_credentials':
      'Name oder Passwort stimmen nicht. Haben Sie Ihre Adresse schon bestätigt?',
    'auth.invalid_sign_in_link':
      'Dieser Link oder Code gilt nicht mehr. Lassen Sie sich einen neuen schicken.',
    'auth.invalid_verification':
      'Dieser Link oder Code gilt nicht mehr. Lassen Sie sich eine neue Mail schicken.',
    'auth.no_passkey': 'Dieses Konto hat keinen Passkey. Nehmen Sie eine andere Art.',
    'auth.registration_closed': 'Neue Konten gibt es nur auf Einladung.',
    'auth.sign_in_passkey_refused': 'Dieser Passkey meldet Sie hier nicht an.',
    'auth.weak_password':
      'Dieses Passwort ist zu schwach. Nehmen Sie ein längeres, das niemand errät: einige Wörter, die nichts miteinander zu tun haben.',
    'http.csrf_token_invalid': 'Diese Seite ist zu alt. Laden Sie sie neu.',
    'passwords.busy':
      'Gerade melden sich zu viele auf einmal an. Versuchen Sie es gleich noch einmal.',
    'twofa.invalid_pending_login': 'Diese Anmeldung ist vorbei. Beginnen Sie von vorn.',
    'twofa.sign_in_code_refused':
      'Dieser Code ist falsch, zu alt oder schon verwendet. Warten Sie auf den nächsten.',
    'twofa.too_many_wrong_codes':
      'Es waren zu viele falsche Codes. Versuchen Sie es später noch einmal.',
    'users.invalid_email': 'Das ist keine E-Mail-Adresse.',
    // The console's rooms of money
    'disputes.dispute_closed': 'Die Bank des Kunden hat schon entschieden.',
    'disputes.dispute_not_found': 'Diese Reklamation gibt es nicht.',
    'disputes.inquiry_not_accepted':
      'Die Bank des Kunden fragt bisher nur nach: Es gibt nichts anzuerkennen. Erstatten Sie die Zahlung, oder senden Sie Belege.',
    'disputes.provider_unavailable':
      'Der Zahlungsanbieter hat nicht geantwortet; ob er es weitergegeben hat, ist nicht bekannt. Senden Sie es noch einmal.',
    'disputes.refused_by_provider': 'Der Zahlungsanbieter nimmt das nicht an.',
    'inbox.event_not_found': 'Dieses Ereignis gibt es nicht.',
    'inbox.event_without_object': 'An diesem Ereignis gibt es nichts, was sich ansehen ließe.',
    'ledger.account_not_found': 'Dieses Konto gibt es nicht.',
    'ledger.transaction_not_found': 'Diese Buchung gibt es nicht.',
    'money.not_divisible':
      'So genau nimmt der Zahlungsanbieter Beträge dieser Währung nicht an. Lassen Sie die letzten Stellen weg.',
    'payments.not_configured': 'Zahlungen sind hier nicht eingerichtet.',
    'payments.payment_not_found': 'Diese Zahlung gibt es nicht.',
    'reconciliation.drift_not_found': 'Diese Abweichung gibt es nicht.',
    'reconciliation.not_configured':
      'Es gibt keinen Zahlungsanbieter, mit dem sich vergleichen ließe.',
    'reconciliation.not_open': 'Hinnehmen lässt sich nur, was noch offen ist.',
    'reconciliation.run_not_found': 'Diesen Vergleich gibt es nicht.',
    'reconciliation.under_way':
      'Es läuft schon ein Vergleich. Warten Sie, bis er zu Ende ist; bricht er ab, geht es nach höchstens fünf Minuten weiter.',
    'refunds.disputed':
      'Die Bank des Kunden reklamiert diese Zahlung: Bis das entschieden ist, wird nicht erstattet, was sie beansprucht.',
    'refunds.more_than_refundable': 'So viel lässt sich nicht mehr erstatten.',
    'refunds.nothing_to_refund': 'Von dieser Zahlung lässt sich nichts erstatten.',
    'refunds.refund_not_found': 'Diese Erstattung gibt es nicht.',
    'refunds.refused_by_provider':
      'Der Zahlungsanbieter lehnt diese Erstattung ab; nichts wurde erstattet.',
  },
}
