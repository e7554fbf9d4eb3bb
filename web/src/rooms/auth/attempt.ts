/** A try at a door that no form makes: a passkey, a provider. What came of it is said, and another try is possible. */
import { useState } from 'react'
import { useProblemText } from '../../frame/problem-text.ts'

export function useAttempt(before: string | null = null) {
  const problemText = useProblemText()
  const [failure, setFailure] = useState(before)
  const [isBusy, setIsBusy] = useState(false)
  return {
    failure,
    isBusy,
    attempt: async (work: () => Promise<unknown>) => {
      setFailure(null)
      setIsBusy(true)
      try {
        await work()
      } catch (error) {
        setFailure(problemText(error))
      } finally {
        setIsBusy(false)
      }
    },
  }
}
