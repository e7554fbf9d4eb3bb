/** The users room's front door. */
export { canonicalEmail, findCanonicalEmail } from './email-address.ts'
export { errors as usersErrors } from './errors.ts'
export { personalData as usersData } from './personal-data.ts'
export { permissions as usersPermissions } from './permissions.ts'
export { Account, Username, presentAccount, usersRoutes } from './routes.ts'
export { type User, userId } from './tables.ts'
export {
  changeEmail,
  closeAccount,
  createUser,
  emailIndex,
  findUserByEmail,
  findUserByUsername,
  getUser,
  hasProvenEmail,
  listStaleSignUps,
  lockUser,
  markEmailVerified,
  markSignedIn,
  releaseUnproven,
  reopenAccount,
  rewriteUnproven,
} from './users.ts'
