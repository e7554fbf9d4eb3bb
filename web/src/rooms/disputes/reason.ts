/** Why a bank disputes a payment: the provider's code, in words where there are some. */
import { useWords } from '../../frame/words.ts'
import { disputesWords } from './words.ts'

export function useReasonText(): (reason: string) => string {
  const words: Readonly<Record<string, string>> = useWords(disputesWords)
  return (reason) => words[`reason_${reason}`] ?? reason
}
