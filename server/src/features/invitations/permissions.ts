/** Permissions of the invitations room, with what each allows. */
export const permissions = {
  'invitations.manage': 'Invite people to roles that permit no more than your own, see and revoke.',
} as const
