/** What the first step of signing in says: all that most people see of the doors. */
import { defineWords } from '../../frame/words.ts'

export const authWords = defineWords(
  {
    signIn: 'Sign in',
    name: 'E-mail address or username',
    password: 'Password',
    forgotten: 'Forgotten your password?',
    or: 'or',
    passkey: 'Use a passkey',
    mailMe: 'Mail me a link',
    provider: 'Sign in with {name}',
    noAccount: 'No account yet?',
    register: 'Create an account',
  },
  {
    signIn: 'Anmelden',
    name: 'E-Mail-Adresse oder Benutzername',
    password: 'Passwort',
    forgotten: 'Passwort vergessen?',
    or: 'oder',
    passkey: 'Passkey verwenden',
    mailMe: 'Link per Mail schicken',
    provider: 'Anmelden mit {name}',
    noAccount: 'Noch kein Konto?',
    register: 'Konto anlegen',
  },
)
