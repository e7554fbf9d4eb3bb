/** What became of a mail, in one word. */
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { mailWords } from './words.ts'

export const mailStates = ['sent', 'captured', 'refused'] as const
const tones = { sent: 'good', captured: 'warn', refused: 'bad' } as const

export function StateOfMail({ is }: { readonly is: (typeof mailStates)[number] }) {
  const words = useWords(mailWords)
  return <State tone={tones[is]}>{words[is]}</State>
}
