/** Every room, by what it brings along: permissions, error codes and jobs. */
import { accessData, accessRoomErrors } from '../features/access/index.ts'
import { adminErrors } from '../features/admin/index.ts'
import {
  askNewAddress,
  askOldAddress,
  authData,
  authErrors,
  authPermissions,
  forgetEnded,
  forgetMailRequests,
  forgetPasskeyChallenges,
  forgetSignInTraces,
  resendVerification,
  completeAlreadyRegistered,
  sendEmailChanged,
  sendNewDevice,
  sendPasskeyNotice,
  sendPasswordChanged,
  sendPasswordReset,
  sendSignInLink,
  sendSignInPaused,
  sendVerification,
} from '../features/auth/index.ts'
import {
  forgetInvitations,
  invitationsData,
  invitationsErrors,
  invitationsPermissions,
  sendInvitation,
} from '../features/invitations/index.ts'
import {
  oidcData,
  oidcErrors,
  oidcPermissions,
  sendIdentityAdded,
  sweepAttempts,
} from '../features/oidc/index.ts'
import {
  findRestoreLink,
  privacyData,
  privacyErrors,
  privacyJobs,
  privacyPermissions,
} from '../features/privacy/index.ts'
import {
  reencryptSecrets,
  sendNotice,
  sweep,
  twofaData,
  twofaErrors,
  twofaPermissions,
} from '../features/twofa/index.ts'
import { usersData, usersErrors, usersPermissions } from '../features/users/index.ts'
import { databaseErrors } from '../platform/db/failures.ts'
import { encryptionErrors } from '../platform/encryption/index.ts'
import { accessErrors, httpErrors } from '../platform/http/errors.ts'
import { errorsOf } from '../platform/http/catalogue.ts'
import { jobErrors } from '../platform/jobs/index.ts'
import { limitErrors } from '../platform/limits/index.ts'
import { mailErrors } from '../platform/mail/index.ts'
import { passwordErrors } from '../platform/passwords/index.ts'
import type { PersonalData } from '../platform/personal-data.ts'
import { storageErrors } from '../platform/storage/index.ts'
import { tokenErrors } from '../platform/tokens/index.ts'
import { platformData } from './platform-data.ts'

/** What a route may ask for; one that asks for anything else does not boot. */
export const permissions: Readonly<Record<string, string>> = {
  ...usersPermissions,
  ...authPermissions,
  ...twofaPermissions,
  ...invitationsPermissions,
  ...oidcPermissions,
  ...privacyPermissions,
  'admin.read_health': 'Read figures about the running system.',
}

/** Every error code there is. */
export const errorTypes = errorsOf([
  accessErrors,
  accessRoomErrors,
  adminErrors,
  authErrors,
  databaseErrors,
  encryptionErrors,
  httpErrors,
  invitationsErrors,
  jobErrors,
  limitErrors,
  mailErrors,
  oidcErrors,
  passwordErrors,
  privacyErrors,
  storageErrors,
  tokenErrors,
  twofaErrors,
  usersErrors,
])

/**
 * Who knows something of a person, in the order in which they forget them. The platform is the first, because it needs
 * the addresses that rooms know; users is the last, because everybody needs the account.
 */
export const personalData: readonly PersonalData[] = [
  platformData,
  privacyData,
  invitationsData,
  oidcData,
  twofaData,
  authData,
  accessData,
  usersData,
]

export const roomJobs = [
  sendVerification,
  completeAlreadyRegistered(findRestoreLink),
  sendPasswordReset,
  sendPasswordChanged,
  resendVerification,
  askOldAddress,
  askNewAddress,
  sendEmailChanged,
  forgetMailRequests,
  forgetEnded,
  sendSignInLink,
  sendNewDevice,
  sendSignInPaused,
  forgetSignInTraces,
  sendPasskeyNotice,
  forgetPasskeyChallenges,
  sendNotice,
  reencryptSecrets,
  sweep,
  sendInvitation,
  forgetInvitations,
  sendIdentityAdded,
  sweepAttempts,
  ...privacyJobs(personalData),
] as const
