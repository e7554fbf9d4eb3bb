/** The mails of the admin room, in every language. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMoment,
} from '../../platform/mail/index.ts'

/** An administrator took the second factor away, for an owner who has lost it. */
export const factorsReset = defineMail<{
  name: string | null
  /** RFC 3339. */
  at: string
  resetLink: string
}>()({
  name: 'admin.factors_reset',
  en: (data, product) => ({
    subject: `Two-factor sign-in was reset for ${product.name}`,
    preview: 'An administrator took your second factor away.',
    blocks: [
      heading('Two-factor sign-in was reset'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        'An administrator took away your authenticator, backup codes, passkeys and trusted devices, and signed every device out. Signing in asks for your password alone until you set up a new one.',
      ),
      facts([['When', sayMoment(data.at, 'en')]]),
      paragraph('You asked for it? Then set up a new one. If not, set a new password at once:'),
      button('Set a new password', data.resetLink),
    ],
  }),
  de: (data, product) => ({
    subject: `Zwei-Faktor-Anmeldung bei ${product.name} wurde zurückgesetzt`,
    preview: 'Die Verwaltung hat Ihren zweiten Faktor entfernt.',
    blocks: [
      heading('Zwei-Faktor-Anmeldung wurde zurückgesetzt'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        'Die Verwaltung hat Ihre Authenticator-App, Backup-Codes, Passkeys und vertrauten Geräte entfernt und alle Geräte abgemeldet. Bei der Anmeldung genügt Ihr Passwort, bis Sie einen neuen zweiten Faktor einrichten.',
      ),
      facts([['Wann', sayMoment(data.at, 'de')]]),
      paragraph(
        'Sie haben darum gebeten? Dann richten Sie einen neuen ein. Wenn nicht, setzen Sie sofort ein neues Passwort:',
      ),
      button('Neues Passwort setzen', data.resetLink),
    ],
  }),
})
