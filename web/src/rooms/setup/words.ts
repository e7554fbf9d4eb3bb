/** What the first start says. */
import { defineWords } from '../../frame/words.ts'

export const setupWords = defineWords(
  {
    welcome: 'Welcome to Ashlar',
    welcomeLead: 'Make the first administrator. This link works once.',
    incomplete: 'This link is incomplete, or was used already',
    incompleteHint:
      'Copy all of it from the terminal where Ashlar was started. If there is an administrator already, sign in.',
    passwordHint: 'At least 12 characters; a few unrelated words are good.',
    create: 'Create the administrator',
    signIn: 'Sign in',
    step: 'Step {step} of 3',
    authenticator: 'Protect the account with an authenticator',
    authenticatorLead:
      'Whoever administers can do a lot, so a password alone should not be enough. Signing in and administration will ask for a code of your authenticator app.',
    begin: 'Set up an authenticator',
    later: 'Do it later',
    confirm: 'Confirm the code',
    codes: 'Keep your backup codes',
    codesLead:
      'Each opens your account once when your authenticator is not at hand. They are shown this once.',
    nextCode:
      'Administration asks for a code now and then. The one that you have just typed in is spent: wait for the next.',
    proceed: 'Go on to the checklist',
  },
  {
    welcome: 'Willkommen bei Ashlar',
    welcomeLead: 'Legen Sie das erste Konto der Verwaltung an. Dieser Link wirkt einmal.',
    incomplete: 'Dieser Link ist unvollständig oder wurde schon benutzt',
    incompleteHint:
      'Kopieren Sie ihn ganz aus dem Terminal, in dem Ashlar gestartet wurde. Wenn es schon ein Konto der Verwaltung gibt, melden Sie sich an.',
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
    confirm: 'Code bestätigen',
    codes: 'Bewahren Sie Ihre Ersatzcodes auf',
    codesLead:
      'Jeder öffnet Ihr Konto einmal, wenn der Authenticator nicht zur Hand ist. Sie werden nur jetzt gezeigt.',
    nextCode:
      'Beim Verwalten wird ab und zu ein Code verlangt. Der eben eingegebene ist verbraucht: Warten Sie auf den nächsten.',
    proceed: 'Weiter zur Checkliste',
  },
)
