/** The access room's front door. */
export { builtInRoles, ownPermissions, shipBuiltInRoles } from './built-in-roles.ts'
export {
  mayGive,
  mayGrant,
  mayStill,
  requireStanding,
  rulesOfRoles,
  rulesOfUser,
  teamCeiling,
} from './ceilings.ts'
export { errors as accessRoomErrors } from './errors.ts'
export { explain } from './explanations.ts'
export { grantRole, hasSuperAdmin, isLastSuperAdmin, revokeRole, rolesOf } from './grants.ts'
export { type Matrix, matrixOf } from './matrix.ts'
export { permissions as accessPermissions } from './permissions.ts'
export { personalData as accessData } from './personal-data.ts'
export { isAbove, mayActOn } from './ranks.ts'
export { roleRoutes } from './roles.routes.ts'
export { isRole } from './roles.ts'
export { accessRoutes } from './routes.ts'
export { holders, subjects } from './tables.ts'
