/** The mail of the oidc room, in every language. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMoment,
} from '../../platform/mail/index.ts'

/** A notice after the fact: the account has one more way in. */
export const identityAdded = defineMail<{
  name: string | null
  provider: string
  /** The address that the provider knows its user by. */
  address: string | null
  /** RFC 3339. */
  at: string
  ipAddress: string | null
  resetLink: string
}>()({
  name: 'oidc.identity_added',
  en: (data, product) => {
    return {
      subject: `${data.provider} can now be used to sign in to ${product.name}`,
      preview: 'If it was you, there is nothing to do.',
      blocks: [
        heading('A new way to sign in'),
        paragraph(sayHello(data.name, 'en')),
        paragraph(`Your account at ${product.name} can now be opened with ${data.provider}.`),
        facts([
          ...(data.address === null ? [] : [['Signed in there as', data.address] as const]),
          ['When', sayMoment(data.at, 'en')],
          ...(data.ipAddress === null ? [] : [['From address', data.ipAddress] as const]),
        ]),
        paragraph(
          'It was you? Then there is nothing to do. If not, set a new password at once, then remove the identity from your account:',
        ),
        button('Set a new password', data.resetLink),
      ],
    }
  },
  de: (data, product) => {
    return {
      subject: `Anmeldung bei ${product.name} jetzt auch mit ${data.provider}`,
      preview: 'Wenn Sie es waren, ist nichts zu tun.',
      blocks: [
        heading('Eine neue Art der Anmeldung'),
        paragraph(sayHello(data.name, 'de')),
        paragraph(
          `Ihr Konto bei ${product.name} lässt sich jetzt auch mit ${data.provider} öffnen.`,
        ),
        facts([
          ...(data.address === null ? [] : [['Dort angemeldet als', data.address] as const]),
          ['Wann', sayMoment(data.at, 'de')],
          ...(data.ipAddress === null ? [] : [['Von Adresse', data.ipAddress] as const]),
        ]),
        paragraph(
          'Das waren Sie? Dann ist nichts zu tun. Wenn nicht, setzen Sie sofort ein neues Passwort und entfernen Sie danach die Anmeldung aus Ihrem Konto:',
        ),
        button('Neues Passwort setzen', data.resetLink),
      ],
    }
  },
})
