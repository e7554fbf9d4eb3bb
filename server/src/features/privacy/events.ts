/** Facts the privacy room states. They outlive the person, so they carry ids only. */
import { defineEvent } from '../../platform/events/index.ts'

export const exportRequested = defineEvent<{ exportId: string }>()('privacy.export_requested')
export const exportMade = defineEvent<{ exportId: string; sizeBytes: number }>()(
  'privacy.export_made',
)
export const exportFetched = defineEvent<{ exportId: string }>()('privacy.export_fetched')
export const erasureRequested = defineEvent<{ erasureId: string; dueAt: string }>()(
  'privacy.erasure_requested',
)
export const erasureWithdrawn = defineEvent<{ erasureId: string }>()('privacy.erasure_withdrawn')
export const restoreRefused = defineEvent<{ reason: string }>()('privacy.restore_refused')
/** Nobody has proven a sign-up for so long that it is erased. */
export const signUpExpired = defineEvent<{ erasureId: string }>()('privacy.sign_up_expired')
export const userErased = defineEvent<{ erasureId: string }>()('privacy.user_erased')
