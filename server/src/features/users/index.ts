/** The users room's front door. */
export { canonicalEmail, findCanonicalEmail } from './email-address.ts'
export { errors as usersErrors } from './errors.ts'
export { personalData as usersData } from './personal-data.ts'
export { permissions as usersPermissions } from './permissions.ts'
export { readAnyShape } from './profiles.ts'
export { accountsShape, accountsWithin, requireAccount } from './reached.ts'
export { Account, Username, presentAccount, usersRoutes } from './routes.ts'
export {
  type Account as AccountRow,
  type User,
  accounts,
  isInStatus,
  logins,
  statuses,
  teams,
  userId,
} from './tables.ts'
export { findUserThing } from './thing.ts'
export {
  changeEmail,
  closeAccount,
  createUser,
  emailIndex,
  findUser,
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
  suspendAccount,
  unsuspendAccount,
} from './users.ts'
