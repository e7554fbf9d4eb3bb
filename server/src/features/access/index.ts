/** The access room's front door. */
export { errors as accessRoomErrors } from './errors.ts'
export { grantRole, hasSuperAdmin, isLastSuperAdmin, rolesOf } from './grants.ts'
export { personalData as accessData } from './personal-data.ts'
export { isRole, mayGrant, permits } from './roles.ts'
export { subjects } from './tables.ts'
