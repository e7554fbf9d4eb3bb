/** Sending leaves a fact: which mail was handed over or refused, and whose account it was about. Never the address. */
import { type EventType, type Fact, defineEvent } from '../events/index.ts'
import type { Mailer } from './mailer.ts'
import { isPermanent } from './errors.ts'

type Sent = { messageId: string | null; providerId: string | null }
const mailSent: EventType<'mail.sent', Sent> = defineEvent<Sent>()('mail.sent')
const mailRefused: EventType<'mail.refused', { messageId: string | null }> = defineEvent<{
  messageId: string | null
}>()('mail.refused')

export function recordedMailer(mailer: Mailer, record: (fact: Fact) => Promise<void>): Mailer {
  return {
    ...mailer,
    send: async (message) => {
      const { messageId = null, userId: subjectId = null } = message
      try {
        const sent = await mailer.send(message)
        const data: Sent = { messageId, ...sent }
        await record({ name: mailSent.name, outcome: 'succeeded', subjectId, data })
        return sent
      } catch (error) {
        if (isPermanent(error))
          await record({
            name: mailRefused.name,
            outcome: 'failed',
            subjectId,
            data: { messageId },
          })
        throw error
      }
    },
  }
}
