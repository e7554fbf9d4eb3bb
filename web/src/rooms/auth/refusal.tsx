/** Why a provider's return has signed nobody in. */
import { Alert } from '@mantine/core'
import { useCodeText } from '../../frame/problem-text.ts'
import { fill, useWords } from '../../frame/words.ts'
import { authWords } from './words.ts'

export function Refusal({ code }: { readonly code: string }) {
  const words = useWords(authWords)
  return (
    <Alert color="red" role="alert">
      {useCodeText(code) ?? fill(words.refused, { code })}
    </Alert>
  )
}
