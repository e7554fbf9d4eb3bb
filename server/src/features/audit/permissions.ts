/** Permissions of the audit room, with what each allows. */
export const permissions = {
  'audit.read': 'Read what was recorded of everybody, and whether it is whole.',
  'audit.export': 'Take the audit log away as a file.',
  'audit.trace':
    'Follow a request, a job, a person or an address through everything that was recorded.',
  'audit.read_self': 'Read what was recorded of your own account.',
} as const
