/** Facts the invitations room states. Addresses are not among them: the invitation's id leads to it. */
import { defineEvent } from '../../platform/events/index.ts'

export const invited = defineEvent<{ role: string }>()('invitations.invited')
export const invitationResent = defineEvent<{ role: string }>()('invitations.invitation_resent')
export const invitationRevoked = defineEvent<{ reason: 'revoked' | 'replaced' }>()(
  'invitations.invitation_revoked',
)
export const invitationAccepted = defineEvent<{
  userId: string
  role: string
  invitedBy: string
  account: 'new' | 'existing'
}>()('invitations.invitation_accepted')
/** Somebody wanted to give a role that permits more than they may do. */
export const roleRefused = defineEvent<{ role: string }>()('invitations.role_refused')
export const acceptanceRefused = defineEvent<{ reason: string }>()('invitations.acceptance_refused')
