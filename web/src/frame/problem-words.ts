/**
 * The server's refusals in the languages that it does not speak itself. A code that is not here is shown as the server
 * says it, in English.
 */
import type { Language } from './words.ts'

export const problemWords: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    // Codes that come back in an address, without words (rooms/oidc).
    'oidc.account_exists':
      'There is an account with this address. Sign in another way, then add the provider to your account.',
    'oidc.email_not_verified': 'The provider does not say that your address is confirmed.',
    'oidc.identity_removed': 'This link was taken off its account. Sign in another way.',
    'oidc.registration_closed': 'New accounts are made by invitation only.',
    'oidc.access_denied': 'You said no there. Begin again if that was not what you meant.',
    'oidc.identity_taken': 'This identity belongs to another account.',
    'oidc.invalid_state': 'This was begun in another browser, or is over. Begin again.',
    'oidc.provider_refused': 'What the provider answered proves nothing. Begin again.',
    'oidc.provider_unavailable': 'The provider does not answer. Try again in a moment.',
  },
  de: {
    'http.invalid_request': 'Etwas stimmt mit der Eingabe nicht.',
    'access.unauthenticated': 'Melden Sie sich zuerst an.',
    'access.forbidden': 'Das dürfen Sie nicht.',
    'access.impersonated': 'Das darf nur, wem das Konto gehört.',
    'limits.exceeded': 'Das waren zu viele Versuche. Warten Sie etwas, dann geht es weiter.',
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
    'monitoring.share_is_of_all':
      'Ein Anteil ist der aller Anfragen zusammen: Er hat keine zweite Schwelle.',
    'monitoring.share_above_all': 'Ein Anteil ist eine Zahl von 1 bis 100 Prozent.',
    'monitoring.unknown_type': 'Diese Art von Alarm gibt es nicht.',
    // rooms/setup: the first start
    'admin.email_taken': 'Es gibt schon ein Konto mit dieser Adresse.',
    'admin.installer_closed':
      'Dieser Link wirkt nicht mehr. Nehmen Sie den, den der letzte Start gezeigt hat.',
    'twofa.already_enabled': 'Es ist schon ein Authenticator eingerichtet.',
    'twofa.code_refused':
      'Dieser Code ist falsch, zu alt oder schon verwendet. Warten Sie auf den nächsten.',
    'twofa.setup_required': 'Diese Einrichtung ist vorbei. Beginnen Sie von vorn.',
    // rooms/auth: the doors
    'oidc.account_exists':
      'Es gibt ein Konto mit dieser Adresse. Melden Sie sich auf andere Art an und verknüpfen Sie den Anbieter dann.',
    'oidc.email_not_verified': 'Der Anbieter sagt nicht, dass Ihre Adresse bestätigt ist.',
    'oidc.identity_removed':
      'Diese Verknüpfung wurde von ihrem Konto entfernt. Melden Sie sich auf andere Art an.',
    'oidc.registration_closed': 'Neue Konten gibt es nur auf Einladung.',
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
    // The portal: one's own account
    'auth.api_key_not_found': 'Diesen Schlüssel gibt es nicht mehr.',
    'auth.email_change_not_found': 'Es wartet keine Änderung der Adresse.',
    'auth.email_unchanged': 'Das ist schon die Adresse Ihres Kontos.',
    'auth.last_way_in':
      'Ohne diesen Passkey kämen Sie nicht mehr in Ihr Konto. Setzen Sie zuerst ein Passwort, oder fügen Sie einen anderen Passkey hinzu.',
    'auth.passkey_invalid': 'Dieser Passkey lässt sich nicht hinzufügen. Beginnen Sie noch einmal.',
    'auth.passkey_not_found': 'Diesen Passkey gibt es nicht mehr.',
    'auth.passkey_refused':
      'Dieser Passkey zeigt nicht, dass Sie es sind. Beginnen Sie noch einmal.',
    'auth.passkey_taken': 'Dieser Passkey ist schon hinzugefügt.',
    'auth.session_not_found': 'Diese Sitzung ist schon vorbei.',
    'auth.too_many_passkeys': 'Ein Konto hat höchstens 20 Passkeys. Entfernen Sie zuerst einen.',
    'auth.unknown_scope': 'Ein Schlüssel bekommt kein Recht, das Sie nicht haben.',
    'auth.wrong_password': 'Das bisherige Passwort stimmt nicht.',
    'impersonation.none_running': 'Das ist schon vorbei.',
    'oidc.access_denied':
      'Sie haben dort abgelehnt. Beginnen Sie noch einmal, wenn Sie das nicht wollten.',
    'oidc.identity_not_found': 'Dieses Konto ist schon nicht mehr verknüpft.',
    'oidc.identity_taken': 'Dieses Konto gehört hier schon zu einem anderen.',
    'oidc.invalid_state':
      'Das wurde in einem anderen Browser begonnen oder ist vorbei. Beginnen Sie noch einmal.',
    'oidc.last_way_in':
      'Anders kämen Sie nicht mehr in Ihr Konto. Setzen Sie zuerst ein Passwort, oder fügen Sie einen Passkey hinzu.',
    'oidc.provider_not_found': 'Diesen Anbieter gibt es hier nicht.',
    'oidc.provider_refused': 'Die Antwort des Anbieters beweist nichts. Beginnen Sie noch einmal.',
    'oidc.provider_unavailable':
      'Der Anbieter antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'payments.already_paid': 'Diese Zahlung ist schon bezahlt.',
    'payments.attempt_over': 'Dieser Versuch ist vorbei. Beginnen Sie einen neuen.',
    'payments.in_progress': 'Ihre Bank ist gerade dabei und sagt später, ob sie zahlt.',
    'payments.not_configured': 'Hier lässt sich noch nichts bezahlen.',
    'payments.other_attempt':
      'Gerade wurde anderswo begonnen, das zu bezahlen. Laden Sie die Seite neu.',
    'payments.payment_closed': 'Diese Zahlung nimmt kein Geld mehr an.',
    'payments.provider_unavailable':
      'Der Zahlungsanbieter hat nicht geantwortet. Versuchen Sie es noch einmal.',
    'payments.refused_by_provider': 'Der Zahlungsanbieter lehnt diese Zahlung ab.',
    'payments.too_many_attempts': 'Diese Zahlung wurde zu oft versucht.',
    'privacy.export_not_found': 'Dieses Archiv gibt es nicht mehr. Lassen Sie ein neues machen.',
    'privacy.last_super_admin':
      'Wer als Einziger alles verwaltet, kann nicht gehen. Machen Sie zuerst jemand anderen dazu.',
    'privacy.too_many_exports': 'Für heute haben Sie genug Archive machen lassen.',
    'twofa.not_enabled': 'Es ist kein Authenticator eingerichtet.',
    'twofa.proof_required': 'Dazu braucht es das Passwort oder einen Code.',
    'twofa.trusted_device_not_found': 'Diesem Gerät wird schon nicht mehr vertraut.',
    'users.invalid_avatar':
      'Ein Bild ist eine https-Adresse im öffentlichen Internet, ohne Anmeldung.',
    'users.invalid_time_zone': 'Diese Zeitzone gibt es nicht.',
    'users.username_taken': 'Diesen Benutzernamen hat schon jemand. Nehmen Sie einen anderen.',

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
    'access.role_in_settings':
      'Eine Einstellung nennt diese Rolle. Nehmen Sie sie aus DEFAULT_ROLE oder MFA_REQUIRED_ROLES, starten Sie neu und löschen Sie sie dann.',
    'access.role_in_use': 'Jemand hat diese Rolle. Nehmen Sie sie zuerst allen, die sie haben.',
    'access.role_not_found': 'Diese Rolle gibt es nicht.',
    'access.session_required': 'Das darf nur, wer angemeldet ist, kein Schlüssel.',
    'access.step_up_required': 'Zeigen Sie zuerst noch einmal, dass Sie es sind.',
    'access.subject_not_found': 'Diese Person oder dieses Ding gibt es nicht.',
    'access.unknown_role': 'Diese Rolle gibt es nicht.',
    'admin.account_above': 'Dieses Konto darf so viel wie Sie, oder mehr.',
    'admin.account_closed': 'Dieses Konto wurde von der Person selbst geschlossen.',
    'admin.account_suspended': 'Dieses Konto ist gesperrt.',
    'admin.address_unproven': 'Niemand hat bewiesen, dass diese Adresse ihm gehört.',
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
    'http.precondition_failed': 'Das wurde inzwischen geändert.',
    'impersonation.account_inactive':
      'In einem gesperrten oder geschlossenen Konto handelt niemand.',
    'impersonation.invalid_token': 'Das ging nicht mehr: Beginnen Sie noch einmal.',
    'impersonation.not_below':
      'Handeln können Sie nur im Konto von jemandem, der weniger darf als Sie.',
    'impersonation.signed_in_here': 'Hier ist schon jemand angemeldet.',
    'invitations.invitation_not_found': 'Diese Einladung gibt es nicht.',
    'invitations.not_waiting': 'Diese Einladung wurde angenommen, zurückgenommen oder ersetzt.',
    'invitations.own_address': 'Das ist Ihre eigene Adresse.',
    'invitations.too_many_mails':
      'Diese Adresse hat in der letzten Stunde schon mehrere Einladungen bekommen.',
    'users.user_not_found': 'Dieses Konto gibt es nicht.',
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
