/** The mails about one's own data, in every language. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMoment,
  smallPrint,
} from '../../platform/mail/index.ts'

/** Says that it is ready, and where to fetch it by signing in; the mail itself opens nothing. */
export const exportReady = defineMail<{
  name: string | null
  link: string
  /** RFC 3339. */
  until: string
}>()({
  name: 'privacy.export_ready',
  en: (data, product) => ({
    subject: `Your data from ${product.name} is ready`,
    preview: 'Sign in to fetch the archive.',
    blocks: [
      heading('Your data is ready'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(`The archive with everything that ${product.name} stores about you is ready.`),
      facts([['Until', sayMoment(data.until, 'en')]]),
      button('Fetch my data', data.link),
      smallPrint(
        'You will be asked to sign in. You did not ask for it? Then set a new password: somebody is in your account.',
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihre Daten von ${product.name} liegen bereit`,
    preview: 'Melden Sie sich an, um das Archiv abzuholen.',
    blocks: [
      heading('Ihre Daten liegen bereit'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(`Das Archiv mit allem, was ${product.name} über Sie speichert, liegt bereit.`),
      facts([['Bis', sayMoment(data.until, 'de')]]),
      button('Meine Daten abholen', data.link),
      smallPrint(
        'Sie werden gebeten, sich anzumelden. Sie haben nicht darum gebeten? Dann setzen Sie ein neues Passwort: Jemand ist in Ihrem Konto.',
      ),
    ],
  }),
})

export const accountClosed = defineMail<{
  name: string | null
  link: string
  /** RFC 3339. */
  until: string
}>()({
  name: 'privacy.account_closed',
  en: (data, product) => ({
    subject: `Your ${product.name} account is closed`,
    preview: 'Until it is erased you can have it back.',
    blocks: [
      heading('Your account is closed'),
      paragraph(sayHello(data.name, 'en')),
      paragraph('You are signed out everywhere, and nobody can sign in. It will be erased:'),
      facts([['When', sayMoment(data.until, 'en')]]),
      paragraph('Until then this link opens the account again. Afterwards nobody can.'),
      button('Keep my account', data.link),
      smallPrint(
        'It was not you? Then open it again at once, and set a new password: somebody was in your account.',
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihr Konto bei ${product.name} ist geschlossen`,
    preview: 'Bis zur Löschung können Sie es zurückholen.',
    blocks: [
      heading('Ihr Konto ist geschlossen'),
      paragraph(sayHello(data.name, 'de')),
      paragraph('Sie sind überall abgemeldet, niemand kann sich anmelden. Es wird gelöscht:'),
      facts([['Wann', sayMoment(data.until, 'de')]]),
      paragraph('Bis dahin öffnet dieser Link das Konto wieder. Danach kann das niemand mehr.'),
      button('Mein Konto behalten', data.link),
      smallPrint(
        'Das waren nicht Sie? Dann öffnen Sie es sofort wieder und setzen Sie ein neues Passwort: Jemand war in Ihrem Konto.',
      ),
    ],
  }),
})

export const accountRestored = defineMail<{ name: string | null; resetLink: string }>()({
  name: 'privacy.account_restored',
  en: (data, product) => ({
    subject: `Your ${product.name} account is open again`,
    preview: 'It will not be erased.',
    blocks: [
      heading('Your account is open again'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        'It will not be erased. You can sign in as before; API keys and trusted devices are gone.',
      ),
      paragraph('It was not you? Then set a new password at once:'),
      button('Set a new password', data.resetLink),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihr Konto bei ${product.name} ist wieder offen`,
    preview: 'Es wird nicht gelöscht.',
    blocks: [
      heading('Ihr Konto ist wieder offen'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        'Es wird nicht gelöscht. Sie können sich anmelden wie zuvor; API-Schlüssel und vertraute Geräte gibt es nicht mehr.',
      ),
      paragraph('Das waren nicht Sie? Dann setzen Sie sofort ein neues Passwort:'),
      button('Neues Passwort setzen', data.resetLink),
    ],
  }),
})
