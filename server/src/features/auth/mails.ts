/** The mails of sign-up and passwords, in every language. */
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

/** Both ways in: the link or the code; the first use ends both. */
export const verifyEmail = defineMail<{
  name: string | null
  link: string
  code: string
  expiresMinutes: number
}>()({
  name: 'auth.verify_email',
  en: (data, product) => ({
    subject: `Confirm your e-mail address for ${product.name}`,
    preview: 'One click, or the code inside, and you are done.',
    blocks: [
      heading('Confirm your e-mail address'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(`Please confirm that this address is yours, so that you can use ${product.name}.`),
      button('Confirm my address', data.link),
      code('Or type in this code where you signed up:', data.code),
      smallPrint(
        `The link and the code are valid for ${sayMinutes(data.expiresMinutes, 'en')} and work once.`,
      ),
      smallPrint('You did not sign up? Then ignore this mail: nothing happens without you.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Bestätigen Sie Ihre E-Mail-Adresse für ${product.name}`,
    preview: 'Ein Klick oder der Code in dieser Mail genügt.',
    blocks: [
      heading('Bestätigen Sie Ihre E-Mail-Adresse'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `Bitte bestätigen Sie, dass diese Adresse Ihnen gehört, damit Sie ${product.name} nutzen können.`,
      ),
      button('Adresse bestätigen', data.link),
      code('Oder geben Sie diesen Code dort ein, wo Sie sich registriert haben:', data.code),
      smallPrint(
        `Link und Code sind ${sayMinutes(data.expiresMinutes, 'de')} lang gültig und funktionieren einmal.`,
      ),
      smallPrint(
        'Sie haben sich nicht registriert? Dann ignorieren Sie diese Mail: Ohne Sie geschieht nichts.',
      ),
    ],
  }),
})

/** Goes to the owner when somebody signs up with a taken address; the form itself tells nobody. */
export const alreadyRegistered = defineMail<{
  name: string | null
  signInLink: string
  resetLink: string
}>()({
  name: 'auth.already_registered',
  en: (data, product) => ({
    subject: `You already have an account with ${product.name}`,
    preview: 'Somebody tried to sign up with your address.',
    blocks: [
      heading('You already have an account'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `Somebody, perhaps you, tried to sign up at ${product.name} with this address. It belongs to your account already, so no second one was made.`,
      ),
      button('Sign in', data.signInLink),
      button('Set a new password', data.resetLink),
      smallPrint('It was not you? Then there is nothing to do: your account has not changed.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Sie haben bereits ein Konto bei ${product.name}`,
    preview: 'Jemand wollte sich mit Ihrer Adresse registrieren.',
    blocks: [
      heading('Sie haben bereits ein Konto'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `Jemand, vielleicht Sie selbst, wollte sich bei ${product.name} mit dieser Adresse registrieren. Sie gehört schon zu Ihrem Konto, deshalb wurde kein zweites angelegt.`,
      ),
      button('Anmelden', data.signInLink),
      button('Neues Passwort setzen', data.resetLink),
      smallPrint('Das waren nicht Sie? Dann ist nichts zu tun: Ihr Konto ist unverändert.'),
    ],
  }),
})

/** Goes to the owner instead when the account is closed and can still be had back. */
export const closedAccount = defineMail<{
  name: string | null
  link: string
  /** RFC 3339. */
  until: string
}>()({
  name: 'auth.closed_account',
  en: (data, product) => ({
    subject: `Your account with ${product.name} is closed`,
    preview: 'Somebody tried to sign up with your address. You can still have your account back.',
    blocks: [
      heading('Your account is closed'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `Somebody, perhaps you, tried to sign up at ${product.name} with this address. It belongs to an account that you have closed. Until it is erased you can have it back; from then on the address is free for a new one.`,
      ),
      facts([['Erased on', sayMoment(data.until, 'en')]]),
      button('Keep my account', data.link),
      smallPrint('It was not you? Then there is nothing to do.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihr Konto bei ${product.name} ist geschlossen`,
    preview:
      'Jemand wollte sich mit Ihrer Adresse registrieren. Noch können Sie Ihr Konto zurückhaben.',
    blocks: [
      heading('Ihr Konto ist geschlossen'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `Jemand, vielleicht Sie selbst, wollte sich bei ${product.name} mit dieser Adresse registrieren. Sie gehört zu einem Konto, das Sie geschlossen haben. Bis es gelöscht wird, können Sie es zurückhaben; danach ist die Adresse frei für ein neues.`,
      ),
      facts([['Gelöscht am', sayMoment(data.until, 'de')]]),
      button('Konto behalten', data.link),
      smallPrint('Das waren nicht Sie? Dann ist nichts zu tun.'),
    ],
  }),
})

/** The way back in for who has the mailbox. */
export const resetPassword = defineMail<{
  name: string | null
  link: string
  expiresMinutes: number
}>()({
  name: 'auth.reset_password',
  en: (data, product) => ({
    subject: `Set a new password for ${product.name}`,
    preview: 'The link inside sets a new password.',
    blocks: [
      heading('Set a new password'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `Somebody, hopefully you, asked for a new password for your account at ${product.name}.`,
      ),
      button('Set a new password', data.link),
      smallPrint(
        `The link is valid for ${sayMinutes(data.expiresMinutes, 'en')} and works once. Every device will be signed out.`,
      ),
      smallPrint('It was not you? Then ignore this mail: your password has not changed.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Neues Passwort für ${product.name} setzen`,
    preview: 'Mit dem Link in dieser Mail setzen Sie ein neues Passwort.',
    blocks: [
      heading('Neues Passwort setzen'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `Jemand, hoffentlich Sie selbst, hat für Ihr Konto bei ${product.name} ein neues Passwort angefordert.`,
      ),
      button('Neues Passwort setzen', data.link),
      smallPrint(
        `Der Link ist ${sayMinutes(data.expiresMinutes, 'de')} lang gültig und funktioniert einmal. Alle Geräte werden abgemeldet.`,
      ),
      smallPrint(
        'Das waren nicht Sie? Dann ignorieren Sie diese Mail: Ihr Passwort ist unverändert.',
      ),
    ],
  }),
})

/** A notice after the fact, so that a thief cannot change the password unseen. */
export const passwordChanged = defineMail<{
  name: string | null
  /** RFC 3339. */
  at: string
  ipAddress: string | null
  /** Passkeys and identities that went with it. */
  waysRemoved: number
  resetLink: string
}>()({
  name: 'auth.password_changed',
  en: (data, product) => ({
    subject: `Your ${product.name} password was changed`,
    preview: 'If it was you, there is nothing to do.',
    blocks: [
      heading('Your password was changed'),
      paragraph(sayHello(data.name, 'en')),
      paragraph('The password of your account was changed, and other devices were signed out.'),
      facts([
        ['When', sayMoment(data.at, 'en')],
        ...(data.ipAddress === null ? [] : [['From address', data.ipAddress] as const]),
      ]),
      ...(data.waysRemoved > 0
        ? [
            paragraph(
              'Nobody had shown before that this address is theirs. So passkeys and linked accounts that had been added were removed; please add yours again.',
            ),
          ]
        : []),
      paragraph('It was you? Then there is nothing to do. If not, set a new password at once:'),
      button('Set a new password', data.resetLink),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihr Passwort bei ${product.name} wurde geändert`,
    preview: 'Wenn Sie es waren, ist nichts zu tun.',
    blocks: [
      heading('Ihr Passwort wurde geändert'),
      paragraph(sayHello(data.name, 'de')),
      paragraph('Das Passwort Ihres Kontos wurde geändert, andere Geräte wurden abgemeldet.'),
      facts([
        ['Wann', sayMoment(data.at, 'de')],
        ...(data.ipAddress === null ? [] : [['Von Adresse', data.ipAddress] as const]),
      ]),
      ...(data.waysRemoved > 0
        ? [
            paragraph(
              'Bis dahin hatte niemand gezeigt, dass diese Adresse ihm gehört. Deshalb wurden hinzugefügte Passkeys und verknüpfte Konten entfernt; bitte fügen Sie Ihre wieder hinzu.',
            ),
          ]
        : []),
      paragraph(
        'Das waren Sie? Dann ist nichts zu tun. Wenn nicht, setzen Sie sofort ein neues Passwort:',
      ),
      button('Neues Passwort setzen', data.resetLink),
    ],
  }),
})

/** The first mail to somebody who runs the place. */
export const welcomeAdmin = defineMail<{ name: string | null; consoleLink: string }>()({
  name: 'auth.welcome_admin',
  en: (data, product) => ({
    subject: `You are an administrator of ${product.name}`,
    preview: 'Your account is ready. First, turn on a second factor.',
    blocks: [
      heading(`Welcome to ${product.name}`),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        'Your administrator account is ready. Before anything else, please turn on a second factor: your account opens every door.',
      ),
      button('Open the console', data.consoleLink),
      smallPrint('That this mail reached you also shows that mail works.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Sie verwalten jetzt ${product.name}`,
    preview: 'Ihr Konto ist bereit. Richten Sie zuerst einen zweiten Faktor ein.',
    blocks: [
      heading(`Willkommen bei ${product.name}`),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        'Ihr Verwaltungskonto ist bereit. Richten Sie bitte zuerst einen zweiten Faktor ein: Ihr Konto öffnet jede Tür.',
      ),
      button('Konsole öffnen', data.consoleLink),
      smallPrint('Dass diese Mail Sie erreicht, zeigt auch, dass der Mailversand funktioniert.'),
    ],
  }),
})
