/** The privacy room's front door. */
export { privacyPages } from './pages.routes.ts'
export { errors as privacyErrors } from './errors.ts'
export { findRestoreLink } from './erasure-proofs.ts'
export { privacyJobs } from './with-rooms.ts'
export { permissions as privacyPermissions } from './permissions.ts'
export { personalData as privacyData } from './personal-data.ts'
export { erasureRoutes } from './erasures.routes.ts'
export { exportRoutes } from './exports.routes.ts'
