/** Permissions of the privacy room, with what each allows. */
export const permissions = {
  'privacy.export_self': 'Have your own data put together, and fetch it.',
  'privacy.erase_self': 'Have your own account erased.',
} as const
