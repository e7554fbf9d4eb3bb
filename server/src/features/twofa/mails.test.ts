/** Every notice of this room, in every language: it says what happened and when, leads to safety, and carries no code. */
import { describe, expect, test } from 'vitest'
import { extractLinks, mailLocales } from '../../platform/mail/index.ts'
import * as mails from './mails.ts'

const product = { name: 'Ashlar', publicUrl: 'https://app.example.org' }
const resetLink = `${product.publicUrl}/forgot-password`
const data = { name: 'Ada', at: '2026-11-15T10:03:00Z', left: 7, resetLink }
const cases = Object.values(mails).flatMap((mail) =>
  mailLocales.map((locale) => ({ mail, name: mail.name, locale })),
)

describe.each(cases)('$name in $locale', ({ mail, locale }) => {
  test('says what happened and when, and how to undo it', () => {
    const { subject, text, html } = mail.render(data, { locale, product })
    expect(subject).toContain('Ashlar')
    expect(extractLinks(text)).toEqual([resetLink])
    expect(text).toContain('Ada,')
    expect(text).toContain('2026')
    expect(html).toContain(`<html lang="${locale}"`)
  })

  test('reads well without a name', () => {
    const { text } = mail.render({ ...data, name: null }, { locale, product })
    expect(text).toContain(locale === 'en' ? 'Hello,' : 'Guten Tag,')
    expect(text).not.toMatch(/null|undefined|NaN|\s,/)
  })
})

test.each(mailLocales)(
  'the notice of a used backup code says how many are left, in %s',
  (locale) => {
    expect(mails.backupCodeUsed.render(data, { locale, product }).text).toContain(': 7.')
  },
)

test('the two languages differ in every notice', () => {
  for (const mail of Object.values(mails)) {
    const [english, german] = mailLocales.map((locale) => mail.render(data, { locale, product }))
    expect(german?.subject).not.toBe(english?.subject)
    expect(german?.text).not.toBe(english?.text)
  }
})
