/** How long a failed job pauses before its next run. */
import type { JobPolicy } from './define.ts'

/** Spread of the pause in both directions, so that jobs which failed together do not return together. */
const jitter = 0.2

/**
 * Milliseconds before the run after `failures` failed ones (1 or more): doubles from `backoffSeconds`, ±20 %, and never
 * longer than `backoffMaxSeconds`. `random` gives 0 up to 1.
 */
export function pauseAfter(
  policy: Pick<JobPolicy, 'backoffSeconds' | 'backoffMaxSeconds'>,
  failures: number,
  random: () => number = Math.random,
): number {
  const seconds = Math.min(policy.backoffSeconds * 2 ** (failures - 1), policy.backoffMaxSeconds)
  const spread = seconds * (1 - jitter + 2 * jitter * random())
  return Math.round(Math.min(spread, policy.backoffMaxSeconds) * 1000)
}
