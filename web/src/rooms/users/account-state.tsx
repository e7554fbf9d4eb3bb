/** Whether an account is open, in one word. */
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { usersWords } from './words.ts'

const tones = { active: 'good', suspended: 'warn', deleted: 'calm' } as const

export function AccountState({
  of: { status },
}: {
  readonly of: { readonly status: keyof typeof tones }
}) {
  const words = useWords(usersWords)
  return <State tone={tones[status]}>{words[status]}</State>
}
