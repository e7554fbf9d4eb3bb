/** Sending leaves a fact: which mail was handed over or refused, and whose account it was about. Never the address. */
import { type EventType, type Fact, defineEvent } from '../events/index.ts'
import type { Mailer } from './mailer.ts'
import { isPermanent } from './errors.ts'

type About = { messageId: string | null; template?: string; locale?: string }
type Sent = About & { providerId: string | null }
const mailSent: EventType<'mail.sent', Sent> = defineEvent<Sent>()('mail.sent')
const mailRefused: EventType<'mail.refused', About> = defineEvent<About>()('mail.refused')

export function recordedMailer(mailer: Mailer, record: (fact: Fact) => Promise<void>): Mailer {
  return {
    ...mailer,
    send: async (message) => {
      const { messageId = null, userId: subjectId = null, template, locale } = message
      const about: About = {
        messageId,
        ...(template === undefined ? {} : { template }),
        ...(locale === undefined ? {} : { locale }),
      }
      try {
        const sent = await mailer.send(message)
        const data: Sent = { ...about, ...sent }
        await record({ name: mailSent.name, outcome: 'succeeded', subjectId, data })
        return sent
      } catch (error) {
        if (isPermanent(error))
          await record({
            name: mailRefused.name,
            outcome: 'failed',
            subjectId,
            data: about,
          })
        throw error
      }
    },
  }
}
