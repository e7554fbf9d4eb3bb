/** Settings of outgoing mail. */
import { boolean, choice, integer, secret, text, url } from '../kinds.ts'
import { issuedSecret, required } from '../production-rules.ts'
import type { Lookup } from '../setting.ts'

const ADDRESS = String.raw`[^\s<>@,;]+@[^\s<>@,;]+`

export const mailSettings = {
  EMAIL_FROM: text({
    doc: 'Sender of all mail.',
    default: 'Ashlar <no-reply@localhost>',
    example: 'Example <no-reply@example.com>',
    pattern: new RegExp(String.raw`^(?:[^<>\r\n]*<${ADDRESS}>|${ADDRESS})$`),
    expects: 'an address, or a name and <address>',
    production: required(),
  }),
  SMTP_URL: url({
    doc: 'Mail server as one URL, instead of the SMTP settings below.',
    example: 'smtps://user:password@mail.example.com:465',
    protocols: ['smtp:', 'smtps:'],
  }),
  SMTP_HOST: text({ doc: 'Mail server.', example: 'mail.example.com' }),
  SMTP_PORT: integer({ doc: 'Port of the mail server.', default: 587, min: 1, max: 65_535 }),
  SMTP_USER: text({ doc: 'User at the mail server.' }),
  SMTP_PASSWORD: secret({
    doc: 'Password at the mail server.',
    production: issuedSecret('your mail provider'),
  }),
  SMTP_SECURE: boolean({
    doc: 'Speaks TLS from the first byte; off, the connection is upgraded with STARTTLS.',
    default: { says: 'on for port 465', from: (lookup) => lookup('SMTP_PORT') === 465 },
  }),
  SENDGRID_API_KEY: secret({
    doc: 'Key of the SendGrid API.',
    production: issuedSecret('SendGrid'),
  }),
  MAIL_DRIVER: choice(['capture', 'smtp', 'sendgrid'], {
    doc: 'How mail leaves; capture keeps it for the mail preview and sends nothing.',
    default: {
      says: 'capture outside production, else the one that is configured (smtp before sendgrid)',
      from: configuredDriver,
    },
    production: { note: 'must send' },
  }),
}

/** Outside production only an explicit MAIL_DRIVER sends: credentials in a developer's .env must not mail customers. */
function configuredDriver(lookup: Lookup): 'capture' | 'smtp' | 'sendgrid' {
  if (lookup('NODE_ENV') !== 'production') return 'capture'
  if (lookup('SMTP_URL') !== undefined || lookup('SMTP_HOST') !== undefined) return 'smtp'
  return lookup('SENDGRID_API_KEY') === undefined ? 'capture' : 'sendgrid'
}
