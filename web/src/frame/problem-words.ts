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

    // Menschen und Rechte
    'access.beyond_own_rights':
      'Was Sie selbst nicht dürfen, können Sie keiner Rolle geben oder nehmen.',
    'access.invalid_rule':
      'Eine Regel nennt ein Recht, eine Bedingung oder ein Feld, das es nicht gibt.',
    'access.own_role': 'Was Sie selbst dürfen, können Sie nicht ändern.',
    'access.role_above_own':
      'Eine Rolle, die mehr erlaubt, als Sie dürfen, können Sie weder geben noch nehmen.',
    'access.role_built_in':
      'Diese Rolle gehört zum Produkt: super_admin ändert sich nie, und die anderen werden nie gelöscht.',
    'access.role_exists': 'Eine Rolle mit diesem Namen gibt es schon.',
    'access.role_in_use': 'Jemand hat diese Rolle. Nehmen Sie sie zuerst allen, die sie haben.',
    'access.role_not_found': 'Diese Rolle gibt es nicht.',
    'access.session_required': 'Das darf nur, wer angemeldet ist, kein Schlüssel.',
    'access.step_up_required': 'Zeigen Sie zuerst noch einmal, dass Sie es sind.',
    'access.subject_not_found': 'Diese Person oder dieses Ding gibt es nicht.',
    'access.unknown_role': 'Diese Rolle gibt es nicht.',
    'admin.account_above': 'Dieses Konto darf so viel wie Sie, oder mehr.',
    'admin.account_closed': 'Dieses Konto wurde von der Person selbst geschlossen.',
    'admin.already_suspended': 'Dieses Konto ist schon gesperrt.',
    'admin.last_super_admin': 'Das ist der letzte Super-Admin, der sich anmelden kann.',
    'admin.mfa_required': 'Für die Verwaltung wird ein Code Ihres Authenticators verlangt.',
    'admin.no_factors': 'Dieses Konto hat weder Authenticator noch Passkey.',
    'admin.not_suspended': 'Dieses Konto ist nicht gesperrt.',
    'admin.own_account': 'Das tut niemand dem eigenen Konto.',
    'admin.role_not_held': 'Dieses Konto hat diese Rolle nicht.',
    'admin.scope_above_own':
      'Ein Token mit einem Recht, das Sie nicht haben, können Sie weder anlegen noch erneuern oder beenden.',
    'admin.service_token_not_found': 'Dieses Dienst-Token gibt es nicht.',
    'auth.api_key_not_found': 'Diesen API-Schlüssel gibt es nicht.',
    'auth.session_not_found': 'Diese Sitzung gibt es nicht mehr.',
    'http.precondition_failed': 'Das wurde inzwischen geändert.',
    'impersonation.account_inactive':
      'In einem gesperrten oder geschlossenen Konto handelt niemand.',
    'impersonation.invalid_token': 'Das ging nicht mehr: Beginnen Sie noch einmal.',
    'impersonation.none_running': 'Es gibt nichts zu beenden.',
    'impersonation.not_below':
      'Handeln können Sie nur im Konto von jemandem, der weniger darf als Sie.',
    'impersonation.signed_in_here': 'Hier ist schon jemand angemeldet.',
    'invitations.invitation_not_found': 'Diese Einladung gibt es nicht.',
    'invitations.not_waiting': 'Diese Einladung wurde angenommen, zurückgenommen oder ersetzt.',
    'invitations.own_address': 'Das ist Ihre eigene Adresse.',
    'invitations.too_many_mails':
      'Diese Adresse hat in der letzten Stunde schon mehrere Einladungen bekommen.',
    'twofa.code_refused': 'Der Code ist falsch, zu alt oder schon benutzt.',
    'twofa.too_many_wrong_codes': 'Das waren zu viele falsche Codes für dieses Konto.',
    'users.invalid_email': 'Das ist keine gültige E-Mail-Adresse.',
    'users.user_not_found': 'Dieses Konto gibt es nicht.',
  },
}
