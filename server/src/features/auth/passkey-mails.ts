/** The notices about passkeys, in every language. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMoment,
} from '../../platform/mail/index.ts'

type NoticeData = {
  readonly name: string | null
  readonly passkeyName: string | null
  /** RFC 3339. */
  readonly at: string
  readonly ipAddress: string | null
  readonly resetLink: string
}

export const passkeyAdded = defineMail<NoticeData>()({
  name: 'auth.passkey_added',
  en: (data, product) => ({
    subject: `A passkey was added to your ${product.name} account`,
    preview: 'If it was you, there is nothing to do.',
    blocks: inEnglish(
      'A passkey was added',
      data,
      'From now on this passkey signs in to your account, without the password and without a code.',
    ),
  }),
  de: (data, product) => ({
    subject: `Ihrem Konto bei ${product.name} wurde ein Passkey hinzugefügt`,
    preview: 'Wenn Sie es waren, ist nichts zu tun.',
    blocks: inGerman(
      'Ein Passkey wurde hinzugefügt',
      data,
      'Ab jetzt meldet dieser Passkey in Ihrem Konto an, ohne Passwort und ohne Code.',
    ),
  }),
})

export const passkeyRemoved = defineMail<NoticeData>()({
  name: 'auth.passkey_removed',
  en: (data, product) => ({
    subject: `A passkey was removed from your ${product.name} account`,
    preview: 'If it was you, there is nothing to do.',
    blocks: inEnglish(
      'A passkey was removed',
      data,
      'This passkey does not sign in to your account any more, and where it was signed in it has been signed out.',
    ),
  }),
  de: (data, product) => ({
    subject: `Aus Ihrem Konto bei ${product.name} wurde ein Passkey entfernt`,
    preview: 'Wenn Sie es waren, ist nichts zu tun.',
    blocks: inGerman(
      'Ein Passkey wurde entfernt',
      data,
      'Dieser Passkey meldet in Ihrem Konto nicht mehr an; wo er angemeldet war, wurde er abgemeldet.',
    ),
  }),
})

function inEnglish(title: string, data: NoticeData, what: string) {
  return [
    heading(title),
    paragraph(sayHello(data.name, 'en')),
    paragraph(what),
    facts([
      ...(data.passkeyName === null ? [] : [['Passkey', data.passkeyName] as const]),
      ['When', sayMoment(data.at, 'en')],
      ...(data.ipAddress === null ? [] : [['From address', data.ipAddress] as const]),
    ]),
    paragraph(
      'It was you? Then there is nothing to do. If not, set a new password at once, and look through your passkeys:',
    ),
    button('Set a new password', data.resetLink),
  ]
}

function inGerman(title: string, data: NoticeData, what: string) {
  return [
    heading(title),
    paragraph(sayHello(data.name, 'de')),
    paragraph(what),
    facts([
      ...(data.passkeyName === null ? [] : [['Passkey', data.passkeyName] as const]),
      ['Wann', sayMoment(data.at, 'de')],
      ...(data.ipAddress === null ? [] : [['Von Adresse', data.ipAddress] as const]),
    ]),
    paragraph(
      'Das waren Sie? Dann ist nichts zu tun. Wenn nicht, setzen Sie sofort ein neues Passwort und prüfen Sie Ihre Passkeys:',
    ),
    button('Neues Passwort setzen', data.resetLink),
  ]
}
