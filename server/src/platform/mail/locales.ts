/** The languages mail is written in, the words the frame of every mail needs, and how figures are said. */
export const mailLocales = ['en', 'de'] as const
export type MailLocale = (typeof mailLocales)[number]

/** Words of the frame; each room brings the words of its own mails. */
export type FrameWords = {
  readonly buttonFallback: string
  readonly sentBy: (productName: string, host: string) => string
}

export const frameWords: Readonly<Record<MailLocale, FrameWords>> = {
  en: {
    buttonFallback: 'If the button does not work, open this address:',
    sentBy: (productName, host) => `This mail was sent by ${productName} (${host}).`,
  },
  de: {
    buttonFallback: 'Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
    sentBy: (productName, host) => `Diese Mail kommt von ${productName} (${host}).`,
  },
}

const minutesPerHour = 60
const minutesPerDay = 1440

/** The best language for a BCP 47 tag such as `de-AT`; English where none fits. */
export function chooseMailLocale(tag: string | null | undefined): MailLocale {
  const language = tag?.toLowerCase().split(/[-_]/)[0]
  return mailLocales.find((locale) => locale === language) ?? 'en'
}

/** `30 minutes`, `24 hours`, `7 Tage`: in the largest unit that divides evenly, hours up to two days. */
export function sayMinutes(minutes: number, locale: MailLocale): string {
  const [value, unit] =
    minutes > 2 * minutesPerDay && minutes % minutesPerDay === 0
      ? [minutes / minutesPerDay, 'day']
      : minutes >= minutesPerHour && minutes % minutesPerHour === 0
        ? [minutes / minutesPerHour, 'hour']
        : [minutes, 'minute']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** A moment (RFC 3339) in words, in UTC, because a mail does not know where it is read. */
export function sayMoment(moment: string, locale: MailLocale): string {
  const said = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(moment))
  return `${said} UTC`
}
