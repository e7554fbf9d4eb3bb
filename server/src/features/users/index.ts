/** The users room's front door. */
export { canonicalEmail, findCanonicalEmail } from './email-address.ts'
export { errors as usersErrors } from './errors.ts'
export { permissions as usersPermissions } from './permissions.ts'
export { Account, Username, presentAccount, usersRoutes } from './routes.ts'
export { type User, userId } from './tables.ts'
export {
  changeEmail,
  createUser,
  emailIndex,
  findUserByEmail,
  findUserByUsername,
  getUser,
  lockUser,
  markEmailVerified,
  markSignedIn,
  releaseUnproven,
  rewriteUnproven,
} from './users.ts'
