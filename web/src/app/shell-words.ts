/** What console and portal say around their screens. */
import { defineWords } from '../frame/words.ts'

export const shellWords = defineWords(
  {
    start: '',
    people: 'People and access',
    money: 'Money',
    watch: 'What happens',
    system: 'System',
    reference: 'API reference',
    console: 'Console',
    account: 'Your account',
  },
  {
    start: '',
    people: 'Menschen und Rechte',
    money: 'Geld',
    watch: 'Was geschieht',
    system: 'System',
    reference: 'API-Referenz',
    console: 'Konsole',
    account: 'Ihr Konto',
  },
)
