/** Notices about the second factor, in every language. They tell what happened, and carry no code. */
import {
  button,
  defineMail,
  facts,
  heading,
  paragraph,
  sayHello,
  sayMoment,
} from '../../platform/mail/index.ts'

/** What every notice of this room is told. */
export type NoticeData = {
  readonly name: string | null
  /** RFC 3339. */
  readonly at: string
  /** Backup codes left. */
  readonly left: number
  readonly resetLink: string
}

export const enabled = defineMail<NoticeData>()({
  name: 'twofa.enabled',
  en: (data, product) => ({
    subject: `Two-factor sign-in is on for ${product.name}`,
    preview: 'From now on a code is asked for as well.',
    blocks: inEnglish('Two-factor sign-in is on', data, [
      'From now on, signing in asks for a code of your authenticator as well. Other devices were signed out.',
      'Keep your backup codes in a safe place: they were shown once.',
    ]),
  }),
  de: (data, product) => ({
    subject: `Zwei-Faktor-Anmeldung bei ${product.name} ist eingeschaltet`,
    preview: 'Ab jetzt wird zusätzlich ein Code verlangt.',
    blocks: inGerman('Zwei-Faktor-Anmeldung ist eingeschaltet', data, [
      'Ab jetzt wird bei der Anmeldung zusätzlich ein Code Ihrer Authenticator-App verlangt. Andere Geräte wurden abgemeldet.',
      'Bewahren Sie Ihre Backup-Codes sicher auf: Sie wurden nur einmal angezeigt.',
    ]),
  }),
})

export const disabled = defineMail<NoticeData>()({
  name: 'twofa.disabled',
  en: (data, product) => ({
    subject: `Two-factor sign-in is off for ${product.name}`,
    preview: 'The password alone is enough from now on.',
    blocks: inEnglish('Two-factor sign-in is off', data, [
      'Signing in asks for your password alone from now on. Backup codes and trusted devices are gone, and other devices were signed out.',
    ]),
  }),
  de: (data, product) => ({
    subject: `Zwei-Faktor-Anmeldung bei ${product.name} ist ausgeschaltet`,
    preview: 'Ab jetzt genügt das Passwort.',
    blocks: inGerman('Zwei-Faktor-Anmeldung ist ausgeschaltet', data, [
      'Bei der Anmeldung genügt ab jetzt Ihr Passwort. Backup-Codes und vertraute Geräte gelten nicht mehr, andere Geräte wurden abgemeldet.',
    ]),
  }),
})

export const backupCodesRegenerated = defineMail<NoticeData>()({
  name: 'twofa.backup_codes_regenerated',
  en: (data, product) => ({
    subject: `New backup codes for ${product.name}`,
    preview: 'The old backup codes do not work any more.',
    blocks: inEnglish('You have new backup codes', data, [
      'New backup codes were made for your account. The old ones do not work any more, no device is trusted, and other devices were signed out.',
    ]),
  }),
  de: (data, product) => ({
    subject: `Neue Backup-Codes für ${product.name}`,
    preview: 'Die alten Backup-Codes gelten nicht mehr.',
    blocks: inGerman('Sie haben neue Backup-Codes', data, [
      'Für Ihr Konto wurden neue Backup-Codes erstellt. Die alten gelten nicht mehr, kein Gerät ist mehr vertraut, andere Geräte wurden abgemeldet.',
    ]),
  }),
})

export const backupCodeUsed = defineMail<NoticeData>()({
  name: 'twofa.backup_code_used',
  en: (data, product) => ({
    subject: `A backup code for ${product.name} was used`,
    preview: `Backup codes left: ${data.left}`,
    blocks: inEnglish('A backup code was used', data, [
      `One of your backup codes was used instead of a code of your authenticator. Backup codes left: ${data.left}.`,
    ]),
  }),
  de: (data, product) => ({
    subject: `Ein Backup-Code für ${product.name} wurde verwendet`,
    preview: `Verbleibende Backup-Codes: ${data.left}`,
    blocks: inGerman('Ein Backup-Code wurde verwendet', data, [
      `Einer Ihrer Backup-Codes wurde anstelle eines Codes Ihrer Authenticator-App verwendet. Verbleibende Backup-Codes: ${data.left}.`,
    ]),
  }),
})

function inEnglish(title: string, data: NoticeData, texts: readonly string[]) {
  return [
    heading(title),
    paragraph(sayHello(data.name, 'en')),
    ...texts.map(paragraph),
    facts([['When', sayMoment(data.at, 'en')]]),
    paragraph('It was you? Then there is nothing to do. If not, set a new password at once:'),
    button('Set a new password', data.resetLink),
  ]
}

function inGerman(title: string, data: NoticeData, texts: readonly string[]) {
  return [
    heading(title),
    paragraph(sayHello(data.name, 'de')),
    ...texts.map(paragraph),
    facts([['Wann', sayMoment(data.at, 'de')]]),
    paragraph(
      'Das waren Sie? Dann ist nichts zu tun. Wenn nicht, setzen Sie sofort ein neues Passwort:',
    ),
    button('Neues Passwort setzen', data.resetLink),
  ]
}
