/** Permissions of the twofa room, with what each allows. */
export const permissions = {
  'twofa.manage': 'See, turn on and turn off your own second factor.',
} as const
