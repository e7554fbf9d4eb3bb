/** The languages that pages are written in, which are those of the mails that lead to them. */
import type { FastifyRequest } from 'fastify'
import { type MailLocale, chooseMailLocale, mailLocales } from '../mail/index.ts'

export type Language = MailLocale

/** What a page is in when nobody asks for anything else. */
const usual: Language = 'en'
/** A browser names a few; whoever names more gets the first. */
const maxNamed = 20

/**
 * The address of a page, in the language of the mail that leads there. Without one it is in the browser's: people who
 * have never chosen a language get their mails in English, and read their browser's with less effort.
 */
export function pageAddress(publicUrl: string, path: string, locale: string): string {
  const language = chooseMailLocale(locale)
  return `${publicUrl}${path}${language === usual ? '' : `?lang=${language}`}`
}

/** `?lang=`, or the best that the browser's `Accept-Language` asks for (RFC 9110, 12.5.4). */
export function languageOf({ query, headers }: FastifyRequest): Language {
  const asked = (query as { lang?: unknown }).lang
  const [named] = typeof asked === 'string' ? findLanguages([asked]) : []
  const accepted = findLanguages(wishesOf(headers['accept-language'] ?? ''))
  return named ?? accepted[0] ?? usual
}

/** The tags of a header, the most wanted first; one of weight 0 is not wanted at all. */
function wishesOf(header: string): readonly string[] {
  return header
    .split(',', maxNamed)
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((each) => each.trim())
      const weight = parameters.find((each) => each.startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag)
}

const findLanguages = (tags: readonly string[]): Language[] =>
  tags.flatMap((tag) => {
    const [primary] = tag.toLowerCase().split(/[-_]/)
    return mailLocales.filter((language) => language === primary)
  })
