/** What both stores promise. */
import { benchTest } from './testing-bench.ts'
import { describeCrashes } from './testing-crashes.ts'
import { describeDelivery } from './testing-delivery.ts'
import { describeRunning } from './testing-running.ts'
import type { Place } from './testing-system.ts'

export function describeJobs(name: string, place: () => Place): void {
  const it = benchTest(place)
  describeDelivery(name, it)
  describeRunning(name, it)
  describeCrashes(name, it)
}
