/** What the first start says. */
import { defineWords } from '../../frame/words.ts'

export const setupWords = defineWords(
  {
    welcome: 'Welcome to Ashlar',
    welcomeLead: 'Make the first administrator. This link works once.',
    incomplete: 'This link is incomplete, or was used already',
    incompleteHint:
      'Copy all of it from the terminal where Ashlar was started. If there is an administrator already, sign in.',
    name: 'Name',
    email: 'E-mail address',
    password: 'Password',
    passwordHint: 'At least 12 characters; a few unrelated words are good.',
    create: 'Create the administrator',
    signIn: 'Sign in',
    step: 'Step {step} of 3',
    authenticator: 'Protect the account with an authenticator',
    authenticatorLead:
      'Whoever administers can do a lot, so a password alone should not be enough. Signing in and administration will ask for a code of your authenticator app.',
    begin: 'Set up an authenticator',
    later: 'Do it later',
    scan: 'Scan this with your authenticator app, or type the key in.',
    qr: 'QR code for your authenticator app',
    key: 'Key',
    code: 'Code that the app shows now',
    confirm: 'Confirm the code',
    codes: 'Keep your backup codes',
    codesLead:
      'Each opens your account once when your authenticator is not at hand. They are shown this once.',
    download: 'Download them',
    copyAll: 'Copy them',
    kept: 'I have kept them in a safe place',
    nextCode:
      'Administration asks for a code now and then. The one that you have just typed in is spent: wait for the next.',
    proceed: 'Go on to the checklist',
    fileHead: 'Backup codes of {email} for {place}. Each works once.',
  },
  {
    welcome: 'Willkommen bei Ashlar',
    welcomeLead: 'Legen Sie das erste Konto der Verwaltung an. Dieser Link wirkt einmal.',
    incomplete: 'Dieser Link ist unvollständig oder wurde schon benutzt',
    incompleteHint:
      'Kopieren Sie ihn ganz aus dem Terminal, in dem Ashlar gestartet wurde. Wenn es schon ein Konto der Verwaltung gibt, melden Sie sich an.',
    name: 'Name',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    passwordHint:
      'Mindestens 12 Zeichen; gut sind einige Wörter, die nichts miteinander zu tun haben.',
    create: 'Konto der Verwaltung anlegen',
    signIn: 'Anmelden',
    step: 'Schritt {step} von 3',
    authenticator: 'Schützen Sie das Konto mit einem Authenticator',
    authenticatorLead:
      'Wer verwaltet, darf viel; ein Passwort allein sollte dafür nicht genügen. Beim Anmelden und beim Verwalten wird dann ein Code Ihrer Authenticator-App verlangt.',
    begin: 'Authenticator einrichten',
    later: 'Später',
    scan: 'Scannen Sie dies mit Ihrer Authenticator-App, oder geben Sie den Schlüssel ein.',
    qr: 'QR-Code für Ihre Authenticator-App',
    key: 'Schlüssel',
    code: 'Code, den die App jetzt zeigt',
    confirm: 'Code bestätigen',
    codes: 'Bewahren Sie Ihre Ersatzcodes auf',
    codesLead:
      'Jeder öffnet Ihr Konto einmal, wenn der Authenticator nicht zur Hand ist. Sie werden nur jetzt gezeigt.',
    download: 'Herunterladen',
    copyAll: 'Kopieren',
    kept: 'Ich habe sie sicher aufbewahrt',
    nextCode:
      'Beim Verwalten wird ab und zu ein Code verlangt. Der eben eingegebene ist verbraucht: Warten Sie auf den nächsten.',
    proceed: 'Weiter zur Checkliste',
    fileHead: 'Ersatzcodes von {email} für {place}. Jeder gilt einmal.',
  },
)
