/** What may be enqueued. Checked in the caller's transaction, so that nothing unusable is ever stored. */
import type { EnqueueOptions } from '../context.ts'
import { jobErrors } from './errors.ts'

/** A payload holds ids; who needs more stores a document and passes its id. */
export const payloadLimitBytes = 256 * 1024
const keyLimitCharacters = 200

/**
 * Refuses a payload over 256 KiB of JSON (AppError 413 `jobs.payload_too_large`). Throws a plain error for what only
 * a programming mistake can produce: a payload that is not JSON, a key that is empty or over 200 characters.
 */
export function checkPayload(
  jobName: string,
  payload: unknown,
  options: EnqueueOptions = {},
): void {
  const { key, runAt } = options
  if (key !== undefined && (key.length === 0 || key.length > keyLimitCharacters))
    throw new RangeError(`job ${jobName}: a key has 1 to ${keyLimitCharacters} characters`)
  if (runAt !== undefined && Number.isNaN(runAt.getTime()))
    throw new RangeError(`job ${jobName}: runAt is not a date`)
  // The types say string; at run time it is undefined for undefined, functions and symbols.
  const text = JSON.stringify(payload) as string | undefined
  if (text === undefined) throw new TypeError(`job ${jobName}: the payload is not JSON`)
  const bytes = Buffer.byteLength(text)
  if (bytes > payloadLimitBytes)
    throw jobErrors.payload_too_large({ job: jobName, bytes, limitBytes: payloadLimitBytes })
}
