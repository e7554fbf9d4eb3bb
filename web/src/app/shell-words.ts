/** What console and portal say around their screens. */
import { defineWords } from '../frame/words.ts'

export const shellWords = defineWords(
  {
    start: '',
    people: 'People and access',
    found: 'People',
    money: 'Money',
    watch: 'What happens',
    system: 'System',
    reference: 'API reference',
    console: 'Console',
    account: 'Your account',
    actingAs: '{administrator} is acting as {name}, until {time}',
    actingBecause: 'Because: {reason}',
    endActing: 'Stop acting',
    screens: 'Go to',
  },
  {
    start: '',
    people: 'Menschen und Rechte',
    found: 'Menschen',
    money: 'Geld',
    watch: 'Was geschieht',
    system: 'System',
    reference: 'API-Referenz',
    console: 'Konsole',
    account: 'Ihr Konto',
    actingAs: '{administrator} handelt als {name}, bis {time}',
    actingBecause: 'Grund: {reason}',
    endActing: 'Nicht mehr so handeln',
    screens: 'Gehen zu',
  },
)
