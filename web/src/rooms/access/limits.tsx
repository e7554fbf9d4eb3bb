/** How far a rule reaches, as it is written down. */
import { Code } from '@mantine/core'
import { useWords } from '../../frame/words.ts'
import { accessWords } from './words.ts'

export function Limits({
  of: { when, fields },
}: {
  readonly of: { readonly when?: unknown; readonly fields?: readonly string[] | undefined }
}) {
  const words = useWords(accessWords)
  const parts = [
    ...(when === undefined ? [] : [JSON.stringify(when)]),
    ...(fields === undefined ? [] : [fields.join(', ')]),
  ]
  if (parts.length === 0) return null
  return (
    <>
      {words.limits} <Code>{parts.join(' · ')}</Code>
    </>
  )
}
