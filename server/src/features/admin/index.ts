/** The admin room's front door. */
export { errors as adminErrors } from './errors.ts'
export { createAdmin, offerInstaller } from './installer.ts'
export { adminPages } from './pages.routes.ts'
export { adminRoutes } from './routes.ts'
