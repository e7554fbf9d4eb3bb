/** The jobs room's front door. */
export { errors as jobsErrors } from './errors.ts'
export { permissions as jobsPermissions } from './permissions.ts'
export { jobRoutes } from './routes.ts'
export { scheduleRoutes } from './schedules.routes.ts'
