/** The mail room's front door. */
export { errors as mailRoomErrors } from './errors.ts'
export { permissions as mailPermissions } from './permissions.ts'
export { mailRoutes } from './routes.ts'
export { sendTestMail, sendTestTo } from './sending.ts'
