/** What the access room says no to. */
import { defineErrors } from '../../platform/errors.ts'

export const errors = defineErrors('access', {
  unknown_role: [422, 'There is no such role.'],
  role_not_found: [404, 'There is no such role.'],
  role_exists: [409, 'There is a role of this name.', 'Change that one, or choose another name.'],
  role_in_use: [
    409,
    'Somebody has this role.',
    'Take it from everybody who has it, then delete it.',
  ],
  role_in_settings: [
    409,
    'A setting of this installation names this role.',
    'Take it out of `DEFAULT_ROLE` or `MFA_REQUIRED_ROLES`, restart, then delete it.',
  ],
  role_built_in: [
    409,
    'This role comes with the product: super_admin never changes, and the others are never deleted.',
    'Make a role of your own.',
  ],
  invalid_rule: [
    422,
    'A rule names a permission, a condition or a field that there is not.',
    'See `GET /api/v1/access/permissions` for what rules may say.',
  ],
  own_role: [
    403,
    'You cannot change what you may do yourself.',
    'Ask somebody who may do more than you.',
  ],
  beyond_own_rights: [
    403,
    'You cannot give, or take from, a role what you may not do yourself.',
    'Ask somebody who may do that.',
  ],
  role_above_own: [
    403,
    'You cannot give a role that permits more than you may do, nor take it from somebody.',
    'Choose a lower role, or ask somebody who has that one.',
  ],
  subject_not_found: [404, 'There is no such user or thing to explain.'],
  unknown_permission: [
    422,
    'There is no such permission to explain.',
    'See `GET /api/v1/access/permissions` for those there are.',
  ],
  unknown_kind: [
    422,
    'Things of this kind are not known to explanations.',
    'Name one of those in `kinds`, such as `users:ID`.',
  ],
})
