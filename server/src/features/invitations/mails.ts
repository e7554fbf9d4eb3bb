/** The mail that invites somebody, in every language. */
import {
  button,
  defineMail,
  findGreetingName,
  heading,
  paragraph,
  sayHello,
  sayMinutes,
  smallPrint,
} from '../../platform/mail/index.ts'

export const invitation = defineMail<{
  name: string | null
  inviter: string | null
  role: string
  message: string | null
  link: string
  expiresMinutes: number
}>()({
  name: 'invitations.invitation',
  en: (data, product) => ({
    subject: `You are invited to ${product.name}`,
    preview: 'The link inside lets you in.',
    blocks: [
      heading(`You are invited to ${product.name}`),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `${findGreetingName(data.inviter) ?? 'An administrator'} invites you to ${product.name}, in the role “${data.role}”.`,
      ),
      ...(data.message === null ? [] : [paragraph(`They write: “${data.message}”`)]),
      button('See the invitation', data.link),
      smallPrint(
        `The link is valid for ${sayMinutes(data.expiresMinutes, 'en')} and works once. It is for you alone: do not pass it on.`,
      ),
      smallPrint('You do not know what this is about? Then ignore this mail: nothing happens.'),
    ],
  }),
  de: (data, product) => ({
    subject: `Einladung zu ${product.name}`,
    preview: 'Mit dem Link in dieser Mail nehmen Sie die Einladung an.',
    blocks: [
      heading(`Sie sind zu ${product.name} eingeladen`),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `${findGreetingName(data.inviter) ?? 'Die Verwaltung'} lädt Sie zu ${product.name} ein, in der Rolle „${data.role}“.`,
      ),
      ...(data.message === null ? [] : [paragraph(`Dazu die Nachricht: „${data.message}“`)]),
      button('Einladung ansehen', data.link),
      smallPrint(
        `Der Link ist ${sayMinutes(data.expiresMinutes, 'de')} lang gültig und funktioniert einmal. Er gilt nur für Sie: Geben Sie ihn nicht weiter.`,
      ),
      smallPrint(
        'Sie wissen nicht, worum es geht? Dann ignorieren Sie diese Mail: Es geschieht nichts.',
      ),
    ],
  }),
})
