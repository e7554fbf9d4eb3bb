/** The oidc room's front door. */
export { openForeignBearer } from './bearers.ts'
export { personalData as oidcData } from './personal-data.ts'
export { errors as oidcErrors } from './errors.ts'
export { openElsewhere } from './identities.ts'
export { identityRoutes } from './identities.routes.ts'
export { sendIdentityAdded, sweepAttempts } from './jobs.ts'
export { permissions as oidcPermissions } from './permissions.ts'
export { oidcRoutes } from './routes.ts'
