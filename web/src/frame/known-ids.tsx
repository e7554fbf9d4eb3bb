/** Ids as links to where there is more about them. Shown is their end: ids of one day begin alike. */
import { Text } from '@mantine/core'
import { frameWords } from './frame-words.ts'
import { Go } from './go.tsx'
import { useWords } from './words.ts'

const shownLetters = 8
const longLetters = 24
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isUuid = (id: string): boolean => uuid.test(id)

export const shortId = (id: string): string =>
  id.length > longLetters ? `…${id.slice(-shownLetters)}` : id

type Known = { readonly id: string | null | undefined }

export const UserId = ({ id }: Known) => <IdLink id={id} to="/admin/users" />
export const TraceId = ({ id }: Known) => <IdLink id={id} to="/admin/trace" />
export const FactId = ({ id }: Known) => <IdLink id={id} to="/admin/audit" />

function IdLink({ id, to }: Known & { readonly to: string }) {
  const words = useWords(frameWords)
  if (!id) return words.none
  return (
    <Go to={`${to}/${encodeURIComponent(id)}`} size="sm">
      <Text span ff="monospace" size="sm" title={id}>
        {shortId(id)}
      </Text>
    </Go>
  )
}
