/** The twofa room's front door. */
export { beginSetUp, enable, findSecondFactor, resetFactor, turnOff } from './enrolment.ts'
export { type Keeper, SessionFields } from './keeper.ts'
export { errors as twofaErrors } from './errors.ts'
export { reencryptSecrets } from './factor-secrets.ts'
export type { Method } from './events.ts'
export { type GivenCode, methodsOf } from './factors.ts'
export { sendNotice, sweep } from './jobs.ts'
export {
  type HeldLogin,
  type PendingLogin,
  type ReadLogin,
  endPendingLogins,
  findLogin,
  holdLogin,
  passLogin,
  readLogin,
  refusalOfLogin,
} from './pending-logins.ts'
export { personalData as twofaData } from './personal-data.ts'
export { permissions as twofaPermissions } from './permissions.ts'
export { proveSecondFactor } from './proofs.ts'
export { BackupCode, Code, NewSecret, twofaRoutes } from './routes.ts'
export { enrolments } from './tables.ts'
export { trustedDeviceRoutes } from './trusted-devices.routes.ts'
export { endTrust, listTrustedDevices, trustDays } from './trusted-devices.ts'
