/** A message that every driver takes, for tests to vary. */
import type { MailMessage } from './mailer.ts'

export function givenMessage(changes: Partial<MailMessage> = {}): MailMessage {
  return {
    to: 'u1@example.org',
    subject: 'Grüße aus dem Laden',
    text: 'Open https://app.example.org/verify?token=abc now.\n',
    html: '<p>Open <a href="https://app.example.org/verify?token=abc">this</a> now.</p>',
    ...changes,
  }
}
