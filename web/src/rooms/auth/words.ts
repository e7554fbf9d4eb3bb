/** What signing in and up says. */
import { defineWords } from '../../frame/words.ts'

export const authWords = defineWords(
  {
    signIn: 'Sign in',
    name: 'E-mail address or username',
    password: 'Password',
  },
  {
    signIn: 'Anmelden',
    name: 'E-Mail-Adresse oder Benutzername',
    password: 'Passwort',
  },
)
