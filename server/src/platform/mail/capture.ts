/** The development driver: keeps mail where a developer can read it, and sends nothing. */
import { errors } from './errors.ts'
import type { Mailer } from './mailer.ts'
import { outgoingFrom } from './outgoing.ts'
import type { OutgoingMail } from './outgoing.ts'

/** A mail as it would have gone out. */
export type CapturedMail = Omit<OutgoingMail, 'from'> & {
  /** The sender's bare address. */
  readonly from: string
}

export type CaptureOptions = {
  /** Keeps one mail; should keep one copy per `messageId`, as a retry brings the same again. */
  readonly store: (message: CapturedMail) => Promise<void>
  readonly from: string
}

/** Passes the same gate as the real drivers, so a mail that works here works there. @throws mail.sender_invalid */
export function openCaptureMailer(options: CaptureOptions): Mailer {
  const prepare = outgoingFrom(options.from)
  return {
    driver: 'capture',
    async send(message) {
      const mail = prepare(message)
      try {
        await options.store({ ...mail, from: mail.from.address })
      } catch (error) {
        throw errors.unavailable({ driver: 'capture' }, { cause: error })
      }
      return { providerId: null }
    },
    check: async () => ({ status: 'pass', detail: 'mail is captured, not sent' }),
    close: async () => {},
  }
}
