/** Facts the operations room states. */
import { defineEvent } from '../../platform/events/index.ts'

/** Somebody tried whether a part of the system works. */
export const partTested = defineEvent<{ part: string; state: string }>()('operations.part_tested')
