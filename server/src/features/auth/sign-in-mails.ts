/** The mails of signing in: the link and the code that do it, and what its owner should know of it, in every language. */
import {
  button,
  code,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMinutes,
  sayMoment,
  smallPrint,
} from '../../platform/mail/index.ts'

/** Signing in without a password: the link or the code; the first use ends both. */
export const signInLink = defineMail<{
  name: string | null
  link: string
  code: string
  expiresMinutes: number
}>()({
  name: 'auth.sign_in_link',
  en: (data, product) => ({
    subject: `Sign in to ${product.name}`,
    preview: 'The link inside signs you in, and so does the code.',
    blocks: [
      heading('Sign in'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(`This link signs you in to ${product.name}, without your password.`),
      button('Sign in', data.link),
      code('Or type in this code where you asked for it:', data.code),
      smallPrint(
        `The link and the code are valid for ${sayMinutes(data.expiresMinutes, 'en')} and work once. Give them to nobody: we never ask for them.`,
      ),
      smallPrint('You did not ask for this? Then ignore this mail: nobody is signed in by it.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Anmeldung bei ${product.name}`,
    preview: 'Der Link in dieser Mail meldet Sie an, der Code ebenso.',
    blocks: [
      heading('Anmelden'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(`Dieser Link meldet Sie ohne Passwort bei ${product.name} an.`),
      button('Anmelden', data.link),
      code('Oder geben Sie diesen Code dort ein, wo Sie ihn angefordert haben:', data.code),
      smallPrint(
        `Link und Code sind ${sayMinutes(data.expiresMinutes, 'de')} lang gültig und funktionieren einmal. Geben Sie sie niemandem: Wir fragen nie danach.`,
      ),
      smallPrint(
        'Sie haben das nicht angefordert? Dann ignorieren Sie diese Mail: Durch sie wird niemand angemeldet.',
      ),
    ],
  }),
})

/** Sent at a sign-in from a device the account has not seen. */
export const newDevice = defineMail<{
  name: string | null
  device: string
  ipAddress: string | null
  /** RFC 3339. */
  at: string
  resetLink: string
}>()({
  name: 'auth.new_device',
  en: (data, product) => ({
    subject: `New sign-in to ${product.name}`,
    preview: 'Somebody signed in from a device we have not seen before.',
    blocks: [
      heading('New sign-in'),
      paragraph(sayHello(data.name, 'en')),
      paragraph('Your account was used to sign in from a device we have not seen before.'),
      facts([
        ['Device', data.device],
        ['When', sayMoment(data.at, 'en')],
        ...(data.ipAddress === null ? [] : [['From address', data.ipAddress] as const]),
      ]),
      paragraph(
        'It was you? Then there is nothing to do. If not, set a new password: that signs every device out.',
      ),
      button('Set a new password', data.resetLink),
    ],
  }),
  de: (data, product) => ({
    subject: `Neue Anmeldung bei ${product.name}`,
    preview: 'Jemand hat sich mit einem uns unbekannten Gerät angemeldet.',
    blocks: [
      heading('Neue Anmeldung'),
      paragraph(sayHello(data.name, 'de')),
      paragraph('In Ihrem Konto gab es eine Anmeldung mit einem Gerät, das wir noch nicht kennen.'),
      facts([
        ['Gerät', data.device],
        ['Wann', sayMoment(data.at, 'de')],
        ...(data.ipAddress === null ? [] : [['Von Adresse', data.ipAddress] as const]),
      ]),
      paragraph(
        'Das waren Sie? Dann ist nichts zu tun. Wenn nicht, setzen Sie ein neues Passwort: Das meldet alle Geräte ab.',
      ),
      button('Neues Passwort setzen', data.resetLink),
    ],
  }),
})

/** Somebody guesses: the owner learns why their own password may be refused, and what helps. */
export const signInPaused = defineMail<{
  name: string | null
  /** RFC 3339. */
  at: string
  resetLink: string
}>()({
  name: 'auth.sign_in_paused',
  en: (data, product) => ({
    subject: `Wrong passwords for your ${product.name} account`,
    preview: 'Signing in with the password is paused for a while.',
    blocks: [
      heading('Signing in is paused'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        'Somebody has tried a wrong password for your account again and again. For a while no password is accepted, not even the right one, except in browsers that you have signed in from before.',
      ),
      facts([['Since', sayMoment(data.at, 'en')]]),
      paragraph('You need not do anything. To get in at once, set a new password:'),
      button('Set a new password', data.resetLink),
    ],
  }),
  de: (data, product) => ({
    subject: `Falsche Passwörter für Ihr Konto bei ${product.name}`,
    preview: 'Die Anmeldung mit Passwort ist für eine Weile ausgesetzt.',
    blocks: [
      heading('Die Anmeldung ist ausgesetzt'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        'Jemand hat für Ihr Konto immer wieder ein falsches Passwort eingegeben. Für eine Weile wird kein Passwort angenommen, auch nicht das richtige, außer in Browsern, in denen Sie schon angemeldet waren.',
      ),
      facts([['Seit', sayMoment(data.at, 'de')]]),
      paragraph('Sie müssen nichts tun. Um sofort hineinzukommen, setzen Sie ein neues Passwort:'),
      button('Neues Passwort setzen', data.resetLink),
    ],
  }),
})
