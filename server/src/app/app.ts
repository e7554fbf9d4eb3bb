/** Puts the rooms together behind the one HTTP server. The only place that knows every route. */
import { createSecretKey } from 'node:crypto'
import { accessRoutes, roleRoutes, teamCeiling } from '../features/access/index.ts'
import {
  type TraceDeps,
  auditExportRoutes,
  auditRoutes,
  auditTraceRoutes,
} from '../features/audit/index.ts'
import {
  accountRoutes,
  adminMfaRoutes,
  adminHealthRoutes,
  adminRoutes,
  findProgramAgain,
  holdingRoutes,
  openAdministration,
  openServiceBearer,
  serviceTokenRoutes,
} from '../features/admin/index.ts'
import {
  apiKeyRoutes,
  authPages,
  authRoutes,
  currentSessionRoutes,
  demoLoginRoutes,
  emailChangePages,
  emailChangeRoutes,
  keyRoutes,
  magicLinkRoutes,
  openIdentifier,
  openRecall,
  openKeeper,
  passwordPages,
  passwordRoutes,
  passkeyRoutes,
  passkeySignInRoutes,
  secondFactorRoutes,
  sessionRoutes,
  signInPages,
} from '../features/auth/index.ts'
import { disputeRoutes } from '../features/disputes/index.ts'
import { impersonationRoutes } from '../features/impersonation/index.ts'
import {
  acceptanceRoutes,
  invitationPages,
  invitationRoutes,
} from '../features/invitations/index.ts'
import { type Applier, inboxRoutes } from '../features/inbox/index.ts'
import { jobRoutes, scheduleRoutes } from '../features/jobs/index.ts'
import { ledgerRoutes } from '../features/ledger/index.ts'
import { mailRoutes } from '../features/mail/index.ts'
import { checklistRoutes, overviewRoutes } from '../features/operations/index.ts'
import { ownRefundRoutes, refundRoutes, reviewRoutes } from '../features/refunds/index.ts'
import { paymentRoutes, returnPages, startRoutes } from '../features/payments/index.ts'
import { reconciliationRoutes } from '../features/reconciliation/index.ts'
import { alertRoutes, monitoringRoutes } from '../features/monitoring/index.ts'
import {
  identityRoutes,
  oidcRoutes,
  openElsewhere,
  openForeignBearer,
} from '../features/oidc/index.ts'
import { erasureRoutes, exportRoutes, privacyPages } from '../features/privacy/index.ts'
import { trustedDeviceRoutes, twofaRoutes } from '../features/twofa/index.ts'
import { usersRoutes } from '../features/users/index.ts'
import type { Invalidations } from '../platform/cache/index.ts'
import type { ContextDeps } from '../platform/context.ts'
import {
  type App,
  type Compilers,
  type HttpOptions,
  type RefusalTally,
  basePath,
  createApp,
} from '../platform/http/index.ts'
import { catalogueRoutes } from '../platform/http/catalogue.ts'
import { type HealthOptions, healthRoutes, openHealth } from '../platform/http/health.ts'
import { describeApi } from '../platform/http/openapi.ts'
import type { JobSystem } from '../platform/jobs/index.ts'
import { type Limits, limitErrors } from '../platform/limits/index.ts'
import { deriveKey } from '../platform/secrets.ts'
import type { AuthOutcome } from '../platform/telemetry/index.ts'
import type { LocalStorage } from '../platform/storage/index.ts'
import { accessOptions } from './access-options.ts'
import { mailboxPath, mailboxRoutes } from './mailbox.ts'
import { type PublicMetrics, publicMetricsRoute } from './metrics-listener.ts'
import { errorTypes, ownerOnly, permissions, reaches } from './rooms.ts'
import { whyNotForPrograms } from './service-scopes.ts'
import { storageRoutes } from './storage-routes.ts'
import { webRoutes } from './web.ts'

export type AppDeps = TraceDeps & {
  readonly context: ContextDeps
  /** What is done when a provider says that something has changed. */
  readonly appliers: readonly Applier[]
  readonly invalidations: Invalidations
  readonly jobs: JobSystem
  readonly limits: Limits
  readonly refusals: Pick<RefusalTally, 'count'>
  readonly health: HealthOptions
  readonly localStorage: LocalStorage | null
  /** Serves `/metrics` on this port too, behind a token; null where it has a port of its own. */
  readonly publicMetrics: PublicMetrics | null
  /** Told how each return from an identity provider ended. */
  readonly onOidcAttempt: (status: AuthOutcome) => void
  readonly events: Pick<HttpOptions, 'onStarted' | 'onFinished' | 'onLimited' | 'onFailure'>
  /** The trace that the running code is recorded under; null while none is. */
  readonly traceIdOf: () => string | null
  /** Shared with other applications of this process; not given: its own. */
  readonly compilers?: Compilers | undefined
  /** Plugins that must see every route, such as tracing; registered first. */
  readonly instrument?: (app: App) => Promise<void>
}

export async function buildApp(deps: AppDeps): Promise<App> {
  const { context, limits } = deps
  const { settings } = context
  const csrfKey = createSecretKey(deriveKey(settings.csrfSecret ?? settings.secretKey, 'csrf'))
  const origins = allowedOrigins(settings)
  const administration = openAdministration(context)
  const elsewhere = openElsewhere(() => context.ports.identity.list)
  const app = createApp({
    context,
    limits,
    refusals: deps.refusals,
    csrfKey,
    permissions: new Set(Object.keys(permissions)),
    allowedOrigins: origins,
    ownerOnly,
    administration,
    identify: openIdentifier(context, deps.invalidations, {
      findForeign: openForeignBearer(deps.invalidations),
      findService: openServiceBearer(settings, deps.invalidations),
    }),
    recall: openRecall(context, findProgramAgain),
    feltEverywhere: deps.invalidations.feltEverywhere,
    traceIdOf: deps.traceIdOf,
    compilers: deps.compilers,
    ...deps.events,
  })
  await deps.instrument?.(app)
  await describeApi(app, {
    version: settings.apiVersion,
    publicUrl: settings.publicUrl,
    isServed: settings.apiDocs,
    rateLimited: limitErrors.exceeded,
    ownerOnly,
    administration,
  })
  const readHealth = openHealth(deps.health)
  await app.register(async (root) => {
    await healthRoutes(root, deps.health, readHealth)
    await keyRoutes(root)
    await authPages(root)
    await passwordPages(root)
    await signInPages(root)
    await emailChangePages(root)
    await privacyPages(root)
    await invitationPages(root)
    await returnPages(root)
    const isMailCaptured = !settings.isProduction && settings.mailDriver === 'capture'
    await webRoutes(root, { mailbox: isMailCaptured ? mailboxPath : null })
    await catalogueRoutes(root, errorTypes)
    if (deps.publicMetrics) await publicMetricsRoute(root, deps.publicMetrics)
    if (deps.localStorage) await storageRoutes(root, deps.localStorage)
    if (!settings.isProduction) await mailboxRoutes(root, { db: context.db })
  })
  await app.register(
    async (api) => {
      await usersRoutes(api, { cache: deps.invalidations.cache, teamCeiling })
      const answers = { csrfKey, sessionSeconds: settings.sessionAbsoluteExpiry }
      await authRoutes(api, answers)
      await currentSessionRoutes(api, { csrfKey, permissions: Object.keys(permissions) })
      await secondFactorRoutes(api, answers)
      await passkeySignInRoutes(api, answers)
      await passkeyRoutes(api, elsewhere)
      await sessionRoutes(api, answers)
      await magicLinkRoutes(api, answers)
      await demoLoginRoutes(api, answers)
      await passwordRoutes(api, elsewhere)
      await emailChangeRoutes(api)
      await apiKeyRoutes(api, { permissions: new Set(Object.keys(permissions)) })
      const keeper = openKeeper(answers)
      await twofaRoutes(api, keeper)
      await trustedDeviceRoutes(api)
      const redirects = { frontendUrl: settings.frontendUrl, allowedOrigins: origins }
      await oidcRoutes(api, { ...answers, ...redirects, onAttempt: deps.onOidcAttempt })
      await identityRoutes(api, redirects, elsewhere)
      await exportRoutes(api)
      await erasureRoutes(api)
      await roleRoutes(api, { permissions: new Set(Object.keys(permissions)), shapes: reaches })
      await accessRoutes(api, accessOptions)
      await adminRoutes(api)
      await monitoringRoutes(api)
      await alertRoutes(api)
      await auditRoutes(api)
      await auditExportRoutes(api)
      await auditTraceRoutes(api, deps)
      await jobRoutes(api, deps)
      await scheduleRoutes(api, deps)
      await mailRoutes(api)
      await overviewRoutes(api, deps)
      await checklistRoutes(api)
      await ledgerRoutes(api)
      await adminMfaRoutes(api, keeper)
      await adminHealthRoutes(api, { version: settings.apiVersion, readHealth })
      await accountRoutes(api)
      await holdingRoutes(api)
      await serviceTokenRoutes(api, { permissions: Object.keys(permissions), whyNotForPrograms })
      await impersonationRoutes(api, answers)
      await inboxRoutes(api, deps.appliers)
      await paymentRoutes(api)
      await refundRoutes(api)
      await ownRefundRoutes(api)
      await reviewRoutes(api)
      await disputeRoutes(api)
      await startRoutes(api, redirects)
      await reconciliationRoutes(api)
      await invitationRoutes(api)
      await acceptanceRoutes(api, answers)
    },
    { prefix: basePath },
  )
  await app.ready()
  return app
}

/** Origins that may call with a cookie: the configured ones and, outside production, this server's own addresses. */
function allowedOrigins(settings: ContextDeps['settings']): ReadonlySet<string> {
  const configured = [settings.publicUrl, settings.frontendUrl, ...settings.corsOrigins]
  const own = settings.isProduction
    ? []
    : ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${settings.port}`)
  return new Set([...configured, ...own].map((url) => new URL(url).origin))
}
