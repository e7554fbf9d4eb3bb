/** The mail that tells an account's owner that somebody acts in it, in every language. */
import {
  defineMail,
  facts,
  findGreetingName,
  heading,
  paragraph,
  sayHello,
  sayMinutes,
  sayMoment,
  smallPrint,
} from '../../platform/mail/index.ts'

export const begunNotice = defineMail<{
  name: string | null
  by: string | null
  reason: string
  /** RFC 3339. */
  at: string
  minutes: number
}>()({
  name: 'impersonation.begun',
  en: (data, product) => ({
    subject: `An administrator is in your ${product.name} account`,
    preview: 'To help you, and for a short while.',
    blocks: [
      heading('An administrator is in your account'),
      paragraph(sayHello(data.name, 'en')),
      paragraph(
        `${findGreetingName(data.by) ?? 'An administrator'} acts in your ${product.name} account for a while. They cannot see or change how you sign in, nor have your data exported or erased.`,
      ),
      facts([
        ['Reason', data.reason],
        ['When', sayMoment(data.at, 'en')],
        ['For at most', sayMinutes(data.minutes, 'en')],
      ]),
      smallPrint(
        'Everything they do is recorded under their name. You do not know what this is about? Then answer the people who run this service.',
      ),
    ],
  }),
  de: (data, product) => ({
    subject: `Die Verwaltung ist in Ihrem Konto bei ${product.name}`,
    preview: 'Um Ihnen zu helfen, und nur für kurze Zeit.',
    blocks: [
      heading('Die Verwaltung ist in Ihrem Konto'),
      paragraph(sayHello(data.name, 'de')),
      paragraph(
        `${findGreetingName(data.by) ?? 'Die Verwaltung'} handelt für kurze Zeit in Ihrem Konto bei ${product.name}. Wie Sie sich anmelden, ist dabei weder zu sehen noch zu ändern, und Ihre Daten können weder ausgeleitet noch gelöscht werden.`,
      ),
      facts([
        ['Grund', data.reason],
        ['Wann', sayMoment(data.at, 'de')],
        ['Höchstens', sayMinutes(data.minutes, 'de')],
      ]),
      smallPrint(
        'Alles, was dabei geschieht, wird unter dem Namen der handelnden Person festgehalten. Sie wissen nicht, worum es geht? Dann wenden Sie sich an die Betreiber.',
      ),
    ],
  }),
})
