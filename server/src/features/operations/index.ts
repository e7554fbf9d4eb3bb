/** The operations room's front door. */
export { checklistRoutes } from './checklist.routes.ts'
export { permissions as operationsPermissions } from './permissions.ts'
export { overviewRoutes } from './routes.ts'
