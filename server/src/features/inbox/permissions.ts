/** Permissions of the inbox room, with what each allows. */
export const permissions = {
  'inbox.read': 'See what providers have told us, and what became of it.',
  'inbox.replay': 'Have something that a provider told us looked at again.',
} as const
