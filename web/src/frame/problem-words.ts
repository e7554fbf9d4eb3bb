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
  },
}
