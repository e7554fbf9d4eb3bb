/**
 * Places where a test kills the process, exactly there and as the night does it: by SIGKILL, so that nothing is tidied up.
 * Which one, `ASHLAR_CRASH` says; where it is unset a place costs one comparison. Production refuses to start with it.
 */
import process from 'node:process'

/** Every place, once. A room names its own after itself: `refunds.after_call`. */
export const crashPoints = [
  'disputes.after_keep',
  'disputes.after_call',
  'disputes.after_movements',
  'disputes.after_decision',
  'idempotency.after_claim',
  'idempotency.while_saving',
  'idempotency.before_store',
  'idempotency.after_store',
  'inbox.while_storing',
  'inbox.after_store',
  'inbox.after_ack',
  'inbox.after_claim',
  'inbox.after_look',
  'inbox.while_applying',
  'inbox.before_commit',
  'inbox.after_apply',
  'jobs.after_claim',
  'jobs.after_add',
  'ledger.after_lock',
  'ledger.after_transaction',
  'ledger.after_postings',
  'payments.before_keep',
  'payments.after_keep',
  'payments.after_call',
  'payments.after_note',
  'payments.after_resend',
  'payments.after_capture',
  'payments.after_close',
  'payments.after_page',
  'reconciliation.after_found',
  'reconciliation.after_mended',
  'reconciliation.before_end',
  'refunds.after_claim',
  'refunds.after_keep',
  'refunds.after_call',
  'refunds.after_note',
  'refunds.after_settle',
  'refunds.after_surplus',
] as const
export type CrashPoint = (typeof crashPoints)[number]

const form = /^([a-z]+\.[a-z_]+)(?::([1-9]\d{0,5}))?$/

/** How often each place may still be passed; the last pass is the end. Null almost always. */
let armed: Map<CrashPoint, number> | null = null

/** `payments.after_call`, or `payments.after_call:3` for the third pass. Null when there is no such place. */
export function readCrashPlan(text: string): { point: CrashPoint; pass: number } | null {
  const [, name, pass = '1'] = form.exec(text) ?? []
  const point = crashPoints.find((each) => each === name)
  return point ? { point, pass: Number(pass) } : null
}

/** What the setting says, from now on in this process. @throws Error for a place that does not exist */
export function armCrashPoints(plans: readonly string[]): void {
  const read = plans.map((text) => {
    const plan = readCrashPlan(text)
    if (!plan) throw new Error(`there is no crash point ${text}`)
    return [plan.point, plan.pass] as const
  })
  armed = read.length === 0 ? null : new Map(read)
}

/** The process ends here when it was told to; nothing behind this line runs then. */
export function crashPoint(point: CrashPoint): void {
  if (armed === null) return
  const passes = armed.get(point)
  if (passes === undefined) return
  armed.set(point, passes - 1)
  if (passes > 1) return
  process.kill(process.pid, 'SIGKILL')
  // Where the signal takes a moment, nothing of ours runs in it.
  for (;;);
}
