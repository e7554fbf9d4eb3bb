/** Settings of the audit log. */
import { DAY, MINUTE } from '../duration.ts'
import { boolean, duration } from '../kinds.ts'

export const auditSettings = {
  AUDIT_RETENTION: duration({
    doc: 'How long recorded facts are kept; they are dropped by whole months. What is left stays provable.',
    default: 400 * DAY,
    min: 31 * DAY,
    max: 36_500 * DAY,
  }),
  AUDIT_HEAD_INTERVAL: duration({
    doc: 'How often a signed end of the chain over all facts is kept for good, and shipped; it is signed by the minute, and those between are removed after a day.',
    default: 10 * MINUTE,
    min: MINUTE,
    max: DAY,
  }),
  AUDIT_SHIP_HEADS: boolean({
    doc: 'Also puts each signed head into storage, where whoever can write the database cannot replace it.',
    default: false,
  }),
  FACT_ADDRESS_RETENTION: duration({
    doc: 'How long it is known from which network address a recorded fact came, and which personal values it changed; the fact itself stays.',
    default: 180 * DAY,
    min: DAY,
    max: 3650 * DAY,
  }),
}
