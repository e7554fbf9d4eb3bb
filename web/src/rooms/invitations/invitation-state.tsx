/** What became of an invitation, in a word. */
import { State } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { invitationsWords } from './words.ts'

const tones = {
  pending: 'busy',
  accepted: 'good',
  revoked: 'calm',
  replaced: 'calm',
  expired: 'warn',
  inviter_lost_right: 'warn',
} as const
export type InvitationStatus = keyof typeof tones
export const invitationStatuses = Object.keys(tones) as readonly InvitationStatus[]

export function InvitationState({ status }: { readonly status: InvitationStatus }) {
  const words = useWords(invitationsWords)
  return <State tone={tones[status]}>{words[status]}</State>
}
