/** The access room's front door. */
export { errors as accessRoomErrors } from './errors.ts'
export { grantRole, hasSuperAdmin, isLastSuperAdmin, revokeRole, rolesOf } from './grants.ts'
export { personalData as accessData } from './personal-data.ts'
export { isAbove, mayActOn } from './ranks.ts'
export { isRole, mayGrant, ownPermissions, permits } from './roles.ts'
export { holders, subjects } from './tables.ts'
