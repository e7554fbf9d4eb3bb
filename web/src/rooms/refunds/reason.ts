/** Why a refund was made: some reasons are codes, which the provider is told, too; others are somebody's own words. */
import { useWords } from '../../frame/words.ts'
import { refundsWords } from './words.ts'

const codes = ['requested_by_customer', 'duplicate', 'fraudulent'] as const

export function useReasonText(): (reason: string | null) => string | null {
  const words = useWords(refundsWords)
  return (reason) => {
    const code = codes.find((each) => each === reason)
    return code === undefined ? reason : words[`reason_${code}`]
  }
}
