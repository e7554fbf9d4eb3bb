/** The mail of the monitoring room, in every language. */
import {
  defineMail,
  facts,
  heading,
  paragraph,
  sayMinutes,
  sayMoment,
  smallPrint,
} from '../../platform/mail/index.ts'

const minuteSeconds = 60

/** For whoever looks after the system. */
export const alertRaised = defineMail<{
  id: string
  type: string
  severity: string
  count: number
  threshold: number
  windowSeconds: number
  /** An address or an id; null when it is about many of them, or all. */
  about: string | null
  /** RFC 3339. */
  firstAt: string
  lastAt: string
}>()({
  name: 'monitoring.alert_raised',
  en: (data, product) => ({
    subject: `[${data.severity}] ${data.type} at ${product.name}`,
    preview: `${data.count} within ${sayMinutes(data.windowSeconds / minuteSeconds, 'en')}.`,
    blocks: [
      heading(`Alert: ${data.type}`),
      paragraph(
        `${product.name} has seen more of this than it should. It is told once: the alert goes on counting for as long as it goes on.`,
      ),
      facts([
        ['Severity', data.severity],
        ['Counted', String(data.count)],
        [
          'Threshold',
          `${data.threshold} within ${sayMinutes(data.windowSeconds / minuteSeconds, 'en')}`,
        ],
        ['About', data.about ?? 'everything together'],
        ['First', sayMoment(data.firstAt, 'en')],
        ['Last', sayMoment(data.lastAt, 'en')],
        ['Alert', data.id],
      ]),
      smallPrint('Acknowledge it once somebody looks after it.'),
    ],
  }),
  de: (data, product) => ({
    subject: `[${data.severity}] ${data.type} bei ${product.name}`,
    preview: `${data.count} innerhalb von ${sayMinutes(data.windowSeconds / minuteSeconds, 'de')}.`,
    blocks: [
      heading(`Alarm: ${data.type}`),
      paragraph(
        `${product.name} hat davon mehr gesehen als üblich. Es wird nur einmal gemeldet: Der Alarm zählt weiter, solange es anhält.`,
      ),
      facts([
        ['Schwere', data.severity],
        ['Gezählt', String(data.count)],
        [
          'Schwelle',
          `${data.threshold} innerhalb von ${sayMinutes(data.windowSeconds / minuteSeconds, 'de')}`,
        ],
        ['Betrifft', data.about ?? 'alles zusammen'],
        ['Zuerst', sayMoment(data.firstAt, 'de')],
        ['Zuletzt', sayMoment(data.lastAt, 'de')],
        ['Alarm', data.id],
      ]),
      smallPrint('Bestätigen Sie ihn, sobald sich jemand darum kümmert.'),
    ],
  }),
})
