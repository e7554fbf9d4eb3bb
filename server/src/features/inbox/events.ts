/** Facts the inbox room states. */
import { defineEvent } from '../../platform/events/index.ts'

type About = { readonly provider: string; readonly kind: string; readonly objectId: string }

/** Given up: what happened at the provider is not known here until somebody replays it. */
export const objectGivenUp = defineEvent<About & { problem: string }>()('inbox.object_given_up')
export const eventReplayed = defineEvent<About>()('inbox.event_replayed')
/** Events that never arrived by themselves were asked for; it is nothing to wake somebody for, but it says why. */
export const gapsFilled = defineEvent<{ added: number }>()('inbox.gaps_filled')
