/** A process for tests that is told to end at its third pass, and would go on for ever. */
import { writeSync } from 'node:fs'
import { armCrashPoints, crashPoint } from './crash-points.ts'

armCrashPoints(['payments.after_call:3'])
for (let pass = 1; ; pass += 1) {
  crashPoint('payments.after_keep')
  crashPoint('payments.after_call')
  writeSync(1, `pass ${pass}\n`)
}
