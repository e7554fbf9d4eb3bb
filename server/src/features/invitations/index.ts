/** The invitations room's front door. */
export { acceptanceRoutes } from './acceptance.routes.ts'
export { personalData as invitationsData } from './personal-data.ts'
export { errors as invitationsErrors } from './errors.ts'
export { forgetInvitations, sendInvitation } from './jobs.ts'
export { invitationPages } from './pages.routes.ts'
export { permissions as invitationsPermissions } from './permissions.ts'
export { invitationRoutes } from './routes.ts'
export { tracedInvitations } from './traced.ts'
