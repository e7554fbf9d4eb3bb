/** Whose an account is, short enough for a row. */
import { ShortId } from '../../frame/short-id.tsx'
import { useOwnerText } from './kinds.ts'

const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

export function OwnerName({ of: ownerId }: { readonly of: string }) {
  const ownerText = useOwnerText()
  return isId.test(ownerId) ? <ShortId id={ownerId} /> : ownerText(ownerId)
}
