/** The inbox room's front door. */
export { tracedEvents } from './traced.ts'
export { type Applied, type Applier, isOf, type ObjectRef } from './appliers.ts'
export { bringInStep } from './bring-in-step.ts'
export { errors as inboxErrors } from './errors.ts'
export {
  type ShownState as InboxState,
  listEvents as listInboxEvents,
  listEventsAbout,
  replayEvent as replayInboxEvent,
  shownStates as inboxStates,
} from './inbox.ts'
export { markChanged } from './intake.ts'
export { readInboxLag } from './lag.ts'
export { permissions as inboxPermissions } from './permissions.ts'
export { inboxRoutes } from './routes.ts'
export { inboxJobs } from './with-appliers.ts'
