/** A token that nobody can read again. */
import { Alert, Stack } from '@mantine/core'
import { Copyable } from '../../frame/screen.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { adminWords } from './words.ts'

export type NewToken = { readonly name: string; readonly token: string }

export function ShownOnce({ of: { name, token } }: { readonly of: NewToken }) {
  const words = useWords(adminWords)
  return (
    <Alert color="teal" role="status" title={fill(words.token, { name })}>
      <Stack gap="xs" align="flex-start">
        {words.shownOnce}
        <Copyable text={token} />
      </Stack>
    </Alert>
  )
}
