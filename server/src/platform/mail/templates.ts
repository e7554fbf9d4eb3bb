/** How a room declares a mail: a typed function of data per language, never a text with placeholders. */
import type { MailContent, MailProduct } from './blocks.ts'
import type { MailLocale } from './locales.ts'
import { renderMail } from './render.ts'
import type { WrittenMail } from './render.ts'

export type MailWriter<D> = (data: D, product: MailProduct) => MailContent

export type MailType<N extends string = string, D = never> = {
  readonly name: N
  /** @throws mail.link_foreign when a button leads away from the public URL */
  readonly render: (
    data: D,
    options: { readonly locale: MailLocale; readonly product: MailProduct },
  ) => WrittenMail
}

/**
 * Declares a mail: `defineMail<{ link: string }>()({ name: 'auth.verify_email', en: …, de: … })`.
 * A missing language is a type error. The data arrives as values and is escaped where it is shown; no
 * engine reads it as a template.
 */
export const defineMail =
  <D>() =>
  <const N extends string>(
    writers: { readonly name: N } & Readonly<Record<MailLocale, MailWriter<D>>>,
  ): MailType<N, D> => ({
    name: writers.name,
    render: (data, { locale, product }) => ({
      ...renderMail(writers[locale](data, product), { locale, product }),
      template: writers.name,
      locale,
    }),
  })
