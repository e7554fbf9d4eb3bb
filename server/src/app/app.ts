/** Puts the rooms together behind the one HTTP server. The only place that knows every route. */
import { createSecretKey } from 'node:crypto'
import { adminPages, adminRoutes } from '../features/admin/index.ts'
import {
  apiKeyRoutes,
  authPages,
  authRoutes,
  demoLoginRoutes,
  emailChangePages,
  emailChangeRoutes,
  keeper,
  keyRoutes,
  magicLinkRoutes,
  openIdentifier,
  passwordPages,
  passwordRoutes,
  passkeyRoutes,
  passkeySignInRoutes,
  secondFactorRoutes,
  sessionRoutes,
  signInPages,
} from '../features/auth/index.ts'
import {
  acceptanceRoutes,
  invitationPages,
  invitationRoutes,
} from '../features/invitations/index.ts'
import { identityRoutes, oidcRoutes, openForeignBearer } from '../features/oidc/index.ts'
import { erasureRoutes, exportRoutes, privacyPages } from '../features/privacy/index.ts'
import { trustedDeviceRoutes, twofaRoutes } from '../features/twofa/index.ts'
import { usersRoutes } from '../features/users/index.ts'
import type { Invalidations } from '../platform/cache/index.ts'
import type { ContextDeps } from '../platform/context.ts'
import {
  type App,
  type Compilers,
  type HttpOptions,
  basePath,
  createApp,
} from '../platform/http/index.ts'
import { catalogueRoutes } from '../platform/http/catalogue.ts'
import { type HealthOptions, healthRoutes } from '../platform/http/health.ts'
import { describeApi } from '../platform/http/openapi.ts'
import { type Limits, limitErrors } from '../platform/limits/index.ts'
import { deriveKey } from '../platform/secrets.ts'
import type { LocalStorage } from '../platform/storage/index.ts'
import { mailboxRoutes } from './mailbox.ts'
import { type PublicMetrics, publicMetricsRoute } from './metrics-listener.ts'
import { errorTypes, permissions } from './rooms.ts'
import { storageRoutes } from './storage-routes.ts'

export type AppDeps = {
  readonly context: ContextDeps
  readonly invalidations: Invalidations
  readonly limits: Limits
  readonly health: HealthOptions
  readonly localStorage: LocalStorage | null
  /** Serves `/metrics` on this port too, behind a token; null where it has a port of its own. */
  readonly publicMetrics: PublicMetrics | null
  /** Told how each return from an identity provider ended. */
  readonly onOidcAttempt: (status: 'success' | 'failure') => void
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
  const app = createApp({
    context,
    limits,
    csrfKey,
    permissions: new Set(Object.keys(permissions)),
    allowedOrigins: origins,
    identify: openIdentifier(context, deps.invalidations, openForeignBearer(deps.invalidations)),
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
  })
  await app.register(async (root) => {
    await healthRoutes(root, deps.health)
    await keyRoutes(root)
    await authPages(root)
    await passwordPages(root)
    await signInPages(root)
    await emailChangePages(root)
    await privacyPages(root)
    await adminPages(root)
    await invitationPages(root)
    await catalogueRoutes(root, errorTypes)
    if (deps.publicMetrics) await publicMetricsRoute(root, deps.publicMetrics)
    if (deps.localStorage) await storageRoutes(root, deps.localStorage)
    if (!settings.isProduction) await mailboxRoutes(root, { db: context.db })
  })
  await app.register(
    async (api) => {
      await usersRoutes(api, deps.invalidations)
      const answers = { csrfKey, sessionSeconds: settings.sessionAbsoluteExpiry }
      await authRoutes(api, answers)
      await secondFactorRoutes(api, answers)
      await passkeySignInRoutes(api, answers)
      await passkeyRoutes(api)
      await sessionRoutes(api)
      await magicLinkRoutes(api, answers)
      await demoLoginRoutes(api, answers)
      await passwordRoutes(api)
      await emailChangeRoutes(api)
      await apiKeyRoutes(api)
      await twofaRoutes(api, keeper)
      await trustedDeviceRoutes(api)
      const redirects = { frontendUrl: settings.frontendUrl, allowedOrigins: origins }
      await oidcRoutes(api, { ...answers, ...redirects, onAttempt: deps.onOidcAttempt })
      await identityRoutes(api, redirects)
      await exportRoutes(api)
      await erasureRoutes(api)
      await adminRoutes(api)
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
