/** The mails of a changed address, in every language. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMinutes,
  sayMoment,
  smallPrint,
} from '../../platform/mail/index.ts'

/** Asks the mailbox of the present address. */
export const confirmOldAddress = defineMail<{
  name: string | null
  newEmail: string
  link: string
  expiresMinutes: number
}>()({
  name: 'auth.confirm_old_address',
  en: (data, product) => ({
    subject: `Change the e-mail address of your ${product.name} account?`,
    preview: 'It changes only when both addresses agree.',
    blocks: [
      heading('Change your e-mail address?'),
      paragraph(sayHello(data.name, 'en')),
      paragraph('Somebody who is signed in to your account asked to change its e-mail address.'),
      facts([['New address', data.newEmail]]),
      paragraph('It changes when you confirm here, and in the mail to the new address as well.'),
      button('Look at the change', data.link),
      smallPrint(
        `The link is valid for ${sayMinutes(data.expiresMinutes, 'en')}. It was not you? Then cancel the change there, and set a new password: somebody is in your account.`,
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `E-Mail-Adresse Ihres Kontos bei ${product.name} ändern?`,
    preview: 'Sie ändert sich nur, wenn beide Adressen zustimmen.',
    blocks: [
      heading('Ihre E-Mail-Adresse ändern?'),
      paragraph(sayHello(data.name, 'de')),
      paragraph('Jemand, der in Ihrem Konto angemeldet ist, möchte dessen E-Mail-Adresse ändern.'),
      facts([['Neue Adresse', data.newEmail]]),
      paragraph(
        'Sie ändert sich, sobald Sie hier und auch in der Mail an die neue Adresse zustimmen.',
      ),
      button('Änderung ansehen', data.link),
      smallPrint(
        `Der Link ist ${sayMinutes(data.expiresMinutes, 'de')} lang gültig. Das waren nicht Sie? Dann brechen Sie die Änderung dort ab und setzen Sie ein neues Passwort: Jemand ist in Ihrem Konto.`,
      ),
    ],
  }),
})

/** Asks the mailbox of the address that is to be. It tells a stranger no more than that somebody typed it in. */
export const confirmNewAddress = defineMail<{ link: string; expiresMinutes: number }>()({
  name: 'auth.confirm_new_address',
  en: (data, product) => ({
    subject: `Is this your new e-mail address for ${product.name}?`,
    preview: 'Confirm that the address is yours.',
    blocks: [
      heading('Is this your new address?'),
      paragraph('Hello,'),
      paragraph(`Somebody wants to use this address for their account at ${product.name}.`),
      button('Look at the change', data.link),
      smallPrint(
        `The link is valid for ${sayMinutes(data.expiresMinutes, 'en')}. It was not you? Then cancel the change there, or ignore this mail: nothing happens without you.`,
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `Ist das Ihre neue E-Mail-Adresse für ${product.name}?`,
    preview: 'Bestätigen Sie, dass die Adresse Ihnen gehört.',
    blocks: [
      heading('Ist das Ihre neue Adresse?'),
      paragraph('Guten Tag,'),
      paragraph(`Jemand möchte diese Adresse für sein Konto bei ${product.name} verwenden.`),
      button('Änderung ansehen', data.link),
      smallPrint(
        `Der Link ist ${sayMinutes(data.expiresMinutes, 'de')} lang gültig. Das waren nicht Sie? Dann brechen Sie die Änderung dort ab oder ignorieren Sie diese Mail: Ohne Sie geschieht nichts.`,
      ),
    ],
  }),
})

/** Goes to the owner of an address that somebody else wanted for their account; who wanted it is told nothing. */
export const addressInUse = defineMail<{ name: string | null }>()({
  name: 'auth.address_in_use',
  en: (data, product) => ({
    subject: `Your address was entered for another ${product.name} account`,
    preview: 'Your account has not changed.',
    blocks: [
      heading('Your address was entered for another account'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `Somebody, perhaps you, wanted to use this address for another account at ${product.name}. It belongs to yours already, so nothing was changed.`,
      ),
      smallPrint('It was not you? Then there is nothing to do.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Ihre Adresse wurde für ein anderes Konto bei ${product.name} eingegeben`,
    preview: 'Ihr Konto ist unverändert.',
    blocks: [
      heading('Ihre Adresse wurde für ein anderes Konto eingegeben'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `Jemand, vielleicht Sie selbst, wollte diese Adresse für ein anderes Konto bei ${product.name} verwenden. Sie gehört schon zu Ihrem, deshalb wurde nichts geändert.`,
      ),
      smallPrint('Das waren nicht Sie? Dann ist nichts zu tun.'),
    ],
  }),
})

/** The notice after the fact, to the address that was. */
export const emailChanged = defineMail<{
  name: string | null
  newEmail: string
  /** RFC 3339. */
  at: string
}>()({
  name: 'auth.email_changed',
  en: (data, product) => ({
    subject: `The e-mail address of your ${product.name} account was changed`,
    preview: 'If it was you, there is nothing to do.',
    blocks: [
      heading('Your e-mail address was changed'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        'This address is not that of your account any more. Other devices were signed out.',
      ),
      facts([
        ['New address', data.newEmail],
        ['When', sayMoment(data.at, 'en')],
      ]),
      paragraph(
        `It was you? Then there is nothing to do. If not, somebody reads this mailbox: set a new password for it first, then write to the people who run ${product.name}. They can give the account back to you.`,
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `Die E-Mail-Adresse Ihres Kontos bei ${product.name} wurde geändert`,
    preview: 'Wenn Sie es waren, ist nichts zu tun.',
    blocks: [
      heading('Ihre E-Mail-Adresse wurde geändert'),
      paragraph(sayHello(data.name, 'de')),
      paragraph('Diese Adresse gehört nicht mehr zu Ihrem Konto. Andere Geräte wurden abgemeldet.'),
      facts([
        ['Neue Adresse', data.newEmail],
        ['Wann', sayMoment(data.at, 'de')],
      ]),
      paragraph(
        `Das waren Sie? Dann ist nichts zu tun. Wenn nicht, liest jemand dieses Postfach mit: Setzen Sie zuerst dafür ein neues Passwort und schreiben Sie dann denen, die ${product.name} betreiben. Sie können Ihnen das Konto zurückgeben.`,
      ),
    ],
  }),
})
