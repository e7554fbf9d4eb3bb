/** The inbox room's front door. */
export type { Applied, Applier, ObjectRef } from './appliers.ts'
export { errors as inboxErrors } from './errors.ts'
export {
  type ShownState as InboxState,
  listEvents as listInboxEvents,
  listEventsAbout,
  replayEvent as replayInboxEvent,
  shownStates as inboxStates,
} from './inbox.ts'
export { markChanged } from './intake.ts'
export { permissions as inboxPermissions } from './permissions.ts'
export { inboxRoutes } from './routes.ts'
export { inboxJobs } from './with-appliers.ts'
