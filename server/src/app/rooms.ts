/** Every room, by what it brings along: permissions, error codes and jobs. */
import { auditErrors, auditPermissions, sealLog, verifyLog } from '../features/audit/index.ts'
import {
  accessData,
  accessPermissions,
  accessRoomErrors,
  ownPermissions,
} from '../features/access/index.ts'
import {
  adminData,
  adminErrors,
  adminPermissions,
  forgetServiceTokens,
  sendFactorsReset,
} from '../features/admin/index.ts'
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
  disputesData,
  disputesErrors,
  disputesPermissions,
  remindOfEvidence,
  stripeDisputes,
  knownDisputes,
} from '../features/disputes/index.ts'
import {
  forgetImpersonations,
  impersonationData,
  impersonationErrors,
  impersonationPermissions,
  sendImpersonationNotice,
  settleImpersonations,
} from '../features/impersonation/index.ts'
import {
  type Applier,
  inboxErrors,
  inboxPermissions,
  tracedEvents,
} from '../features/inbox/index.ts'
import {
  forgetInvitations,
  invitationsData,
  invitationsErrors,
  invitationsPermissions,
  sendInvitation,
  tracedInvitations,
} from '../features/invitations/index.ts'
import { jobsErrors, jobsPermissions } from '../features/jobs/index.ts'
import {
  checkByClock,
  expireHolds,
  ledgerErrors,
  ledgerPermissions,
} from '../features/ledger/index.ts'
import { mailPermissions, mailRoomErrors } from '../features/mail/index.ts'
import {
  forgetFigures,
  mailAlert,
  monitoringData,
  monitoringErrors,
  monitoringPermissions,
  postAlert,
  tracedSlowRequests,
  watchFacts,
} from '../features/monitoring/index.ts'
import {
  oidcData,
  oidcErrors,
  oidcPermissions,
  sendIdentityAdded,
  sweepAttempts,
} from '../features/oidc/index.ts'
import { operationsPermissions } from '../features/operations/index.ts'
import {
  closeAttempts,
  knownPayments,
  paymentsData,
  paymentsErrors,
  paymentsPermissions,
  readAnyPaymentShape,
  resendAttempts,
  stripeCustomers,
  stripePayments,
  stripeSessions,
  tracedPayments,
} from '../features/payments/index.ts'
import {
  refundsData,
  refundsErrors,
  refundsPermissions,
  resendRefunds,
  returnSurplus,
  stripeRefundedCharges,
  stripeRefunds,
  knownRefunds,
} from '../features/refunds/index.ts'
import {
  findRestoreLink,
  privacyData,
  privacyErrors,
  privacyJobs,
  privacyPermissions,
} from '../features/privacy/index.ts'
import {
  type Parts,
  type Source,
  houseMovements,
  reconciliationErrors,
  reconciliationPermissions,
} from '../features/reconciliation/index.ts'
import {
  reencryptSecrets,
  sendNotice,
  sweep,
  twofaData,
  twofaErrors,
  twofaPermissions,
} from '../features/twofa/index.ts'
import {
  accountsShape,
  readAnyShape,
  usersData,
  usersErrors,
  usersPermissions,
} from '../features/users/index.ts'
import { databaseErrors } from '../platform/db/failures.ts'
import { encryptionErrors } from '../platform/encryption/index.ts'
import { accessErrors, httpErrors } from '../platform/http/errors.ts'
import { errorsOf } from '../platform/http/catalogue.ts'
import { jobErrors } from '../platform/jobs/index.ts'
import { limitErrors } from '../platform/limits/index.ts'
import { mailErrors } from '../platform/mail/index.ts'
import { moneyErrors } from '../platform/money/index.ts'
import { passwordErrors } from '../platform/passwords/index.ts'
import type { PersonalData } from '../platform/personal-data.ts'
import { type RuleShape, everyPermission } from '../platform/rights/index.ts'
import { storageErrors } from '../platform/storage/index.ts'
import { tokenErrors } from '../platform/tokens/index.ts'
import type { TraceSource } from '../platform/trace-source.ts'
import { platformData } from './platform-data.ts'
import { mayStillAsk } from './askers.ts'

/** What a route may ask for; one that asks for anything else does not boot. */
export const permissions: Readonly<Record<string, string>> = {
  ...usersPermissions,
  ...accessPermissions,
  ...authPermissions,
  ...twofaPermissions,
  ...invitationsPermissions,
  ...oidcPermissions,
  ...privacyPermissions,
  ...monitoringPermissions,
  ...auditPermissions,
  ...adminPermissions,
  ...impersonationPermissions,
  ...inboxPermissions,
  ...jobsPermissions,
  ...mailPermissions,
  ...operationsPermissions,
  ...ledgerPermissions,
  ...paymentsPermissions,
  ...refundsPermissions,
  ...disputesPermissions,
  ...reconciliationPermissions,
}

/** Permissions that a role may give for some rows and fields only: their queries honour `actor.reach`. */
export const reaches: Readonly<Record<string, RuleShape>> = {
  'users.read_any': readAnyShape,
  'admin.read_users': accountsShape,
  'payments.read_any': readAnyPaymentShape,
}

/**
 * What an account's owner alone does with it, and never somebody who acts in it: rooms that keep what people sign in
 * with, hand out or erase what is known of them, have a say over others, or know everybody's money.
 */
export const ownerOnly: ReadonlySet<string> = new Set(
  [
    authPermissions,
    twofaPermissions,
    oidcPermissions,
    privacyPermissions,
    invitationsPermissions,
    accessPermissions,
    adminPermissions,
    auditPermissions,
    monitoringPermissions,
    impersonationPermissions,
    inboxPermissions,
    jobsPermissions,
    mailPermissions,
    operationsPermissions,
    ledgerPermissions,
    paymentsPermissions,
    refundsPermissions,
    disputesPermissions,
    reconciliationPermissions,
  ].flatMap((room) => Object.keys(room)),
)

/** What somebody has a say over others by, or knows what is theirs: nothing that one gets by signing up. */
export const isAdministering = (permission: string): boolean =>
  permission === everyPermission ||
  permission === 'users.manage_teams' ||
  (ownerOnly.has(permission) && !(ownPermissions as readonly string[]).includes(permission))

/** Every error code there is. */
export const errorTypes = errorsOf([
  accessErrors,
  accessRoomErrors,
  adminErrors,
  auditErrors,
  authErrors,
  databaseErrors,
  disputesErrors,
  encryptionErrors,
  httpErrors,
  impersonationErrors,
  inboxErrors,
  invitationsErrors,
  jobErrors,
  jobsErrors,
  ledgerErrors,
  limitErrors,
  mailErrors,
  mailRoomErrors,
  moneyErrors,
  monitoringErrors,
  oidcErrors,
  passwordErrors,
  paymentsErrors,
  privacyErrors,
  refundsErrors,
  reconciliationErrors,
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
  monitoringData,
  disputesData,
  refundsData,
  paymentsData,
  adminData,
  impersonationData,
  invitationsData,
  oidcData,
  twofaData,
  authData,
  accessData,
  usersData,
]

/** What else belongs to the story of an id. */
export const traced: readonly TraceSource[] = [
  tracedPayments,
  tracedEvents,
  tracedInvitations,
  tracedSlowRequests,
]

/** Who brings what is kept here in step with what a provider says. */
export const appliers: readonly Applier[] = [
  stripePayments,
  stripeSessions,
  stripeCustomers,
  stripeRefunds,
  stripeRefundedCharges,
  stripeDisputes,
  houseMovements,
]

/** Who knows what of that which a provider has; of two the first speaks for what the second belongs to. */
const sources: readonly Source[] = [knownPayments, knownRefunds, knownDisputes]

/** What a comparison with the provider is made of. */
export const reconciliationParts: Parts = { sources, appliers, mayStillAsk }

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
  sendFactorsReset,
  forgetServiceTokens,
  sendImpersonationNotice,
  settleImpersonations,
  forgetImpersonations,
  sendInvitation,
  forgetInvitations,
  sendIdentityAdded,
  sweepAttempts,
  watchFacts,
  mailAlert,
  postAlert,
  forgetFigures,
  sealLog,
  verifyLog,
  checkByClock,
  expireHolds,
  resendAttempts,
  resendRefunds,
  returnSurplus,
  remindOfEvidence,
  closeAttempts,
  ...privacyJobs(personalData),
] as const
