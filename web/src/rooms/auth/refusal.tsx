/** Why a provider's return has signed nobody in. */
import { Alert } from '@mantine/core'
import { fill, useWords } from '../../frame/words.ts'
import { refusalWords } from './refusals.ts'

export default function Refusal({ code }: { readonly code: string }) {
  const words: Readonly<Record<string, string>> = useWords(refusalWords)
  return (
    <Alert color="red" role="alert">
      {words[code] ?? fill(words['other'] ?? '', { code })}
    </Alert>
  )
}
