/** The mail of the mail room, in every language. */
import { defineMail, facts, heading, paragraph, sayMoment } from '../../platform/mail/index.ts'

/** To whoever looks after the system. */
export const testMail = defineMail<{ at: string }>()({
  name: 'mail.test',
  en: (data, product) => ({
    subject: `A test mail from ${product.name}`,
    preview: 'Mail goes out.',
    blocks: [
      heading('Mail goes out'),
      paragraph('You asked for this mail, to see whether mail arrives. It does.'),
      facts([['When', sayMoment(data.at, 'en')]]),
    ],
  }),
  de: (data, product) => ({
    subject: `Eine Testmail von ${product.name}`,
    preview: 'E-Mails gehen hinaus.',
    blocks: [
      heading('E-Mails gehen hinaus'),
      paragraph(
        'Sie haben diese E-Mail angefordert, um zu sehen, ob E-Mails ankommen. Das tun sie.',
      ),
      facts([['Wann', sayMoment(data.at, 'de')]]),
    ],
  }),
})
