/** Every mail of this room, in every language: link and code in both parts, and no way in for a name. */
import { describe, expect, test } from 'vitest'
import { extractLinks, mailLocales } from '../../platform/mail/index.ts'
import type { MailLocale, RenderedMail } from '../../platform/mail/index.ts'
import * as accountMails from './mails.ts'
import * as passkeyMails from './passkey-mails.ts'
import * as signInMails from './sign-in-mails.ts'

const mails = { ...accountMails, ...passkeyMails, ...signInMails }
const product = { name: 'Ashlar', publicUrl: 'https://app.example.org' }
const url = (path: string) => `${product.publicUrl}/${path}`
const moment = '2026-11-15T10:03:00Z'
const address = '2001:db8::1'

type Sample = {
  links: string[]
  says: string[]
  render: (name: string | null, locale: MailLocale) => RenderedMail
}

/** One entry for each mail the room declares; the first test fails when one is forgotten. */
const samples: Record<keyof typeof mails, Sample> = {
  verifyEmail: {
    links: [url('verify?token=abc&x=1')],
    says: ['123456', '30 Min'],
    render: (name, locale) =>
      mails.verifyEmail.render(
        { name, link: url('verify?token=abc&x=1'), code: '123456', expiresMinutes: 30 },
        { locale, product },
      ),
  },
  alreadyRegistered: {
    links: [url('sign-in'), url('forgot-password')],
    says: [],
    render: (name, locale) =>
      mails.alreadyRegistered.render(
        { name, signInLink: url('sign-in'), resetLink: url('forgot-password') },
        { locale, product },
      ),
  },
  closedAccount: {
    links: [url('restore-account#token=abc')],
    says: ['2026'],
    render: (name, locale) =>
      mails.closedAccount.render(
        { name, link: url('restore-account#token=abc'), until: moment },
        { locale, product },
      ),
  },
  resetPassword: {
    links: [url('reset-password#token=abc')],
    says: ['30 Min'],
    render: (name, locale) =>
      mails.resetPassword.render(
        { name, link: url('reset-password#token=abc'), expiresMinutes: 30 },
        { locale, product },
      ),
  },
  passwordChanged: {
    links: [url('forgot-password')],
    says: [address, '2026'],
    render: (name, locale) =>
      mails.passwordChanged.render(
        {
          name,
          at: moment,
          ipAddress: address,
          waysRemoved: 1,
          resetLink: url('forgot-password'),
        },
        { locale, product },
      ),
  },
  passkeyAdded: passkeyNotice(mails.passkeyAdded),
  passkeyRemoved: passkeyNotice(mails.passkeyRemoved),
  newDevice: {
    links: [url('forgot-password')],
    says: ['Firefox on Linux', address, '2026'],
    render: (name, locale) =>
      mails.newDevice.render(
        {
          name,
          device: 'Firefox on Linux',
          ipAddress: address,
          at: moment,
          resetLink: url('forgot-password'),
        },
        { locale, product },
      ),
  },
  signInLink: {
    links: [url('sign-in-link#token=abc')],
    says: ['123456', '15 Min'],
    render: (name, locale) =>
      mails.signInLink.render(
        { name, link: url('sign-in-link#token=abc'), code: '123456', expiresMinutes: 15 },
        { locale, product },
      ),
  },
  signInPaused: {
    links: [url('forgot-password')],
    says: ['2026'],
    render: (name, locale) =>
      mails.signInPaused.render(
        { name, at: moment, resetLink: url('forgot-password') },
        { locale, product },
      ),
  },
  welcomeAdmin: {
    links: [url('admin')],
    says: [],
    render: (name, locale) =>
      mails.welcomeAdmin.render({ name, consoleLink: url('admin') }, { locale, product }),
  },
}

/** Both notices about passkeys are told the same. */
function passkeyNotice(mail: typeof mails.passkeyAdded | typeof mails.passkeyRemoved): Sample {
  return {
    links: [url('forgot-password')],
    says: ['Laptop', address, '2026'],
    render: (name, locale) =>
      mail.render(
        {
          name,
          passkeyName: 'Laptop',
          at: moment,
          ipAddress: address,
          resetLink: url('forgot-password'),
        },
        { locale, product },
      ),
  }
}

test('every mail is tried here, and its name starts with the room', () => {
  expect(Object.keys(samples).toSorted()).toEqual(Object.keys(mails).toSorted())
  for (const mail of Object.values(mails)) expect(mail.name).toMatch(/^auth\.[a-z_]+$/)
})

const cases = Object.entries(samples).flatMap(([name, sample]) =>
  mailLocales.map((locale) => ({ name, locale, ...sample })),
)

describe.each(cases)('$name in $locale', ({ links, says, render, locale }) => {
  test('both parts carry the links and the facts, and greet by name', () => {
    const { html, text, subject } = render('Ada', locale)
    expect(extractLinks(text)).toEqual(links)
    for (const link of links) expect(html).toContain(`href="${link.replaceAll('&', '&amp;')}"`)
    for (const piece of [...says, 'Ada,']) {
      expect(text.toLowerCase()).toContain(piece.toLowerCase())
      expect(html.toLowerCase()).toContain(piece.toLowerCase())
    }
    expect(subject).toContain('Ashlar')
    expect(html).toContain(`<html lang="${locale}"`)
  })

  test('it reads well without a name', () => {
    const { text } = render(null, locale)
    expect(text).toContain(locale === 'en' ? 'Hello,' : 'Guten Tag,')
    expect(text).not.toMatch(/null|undefined|NaN|\s,/)
  })

  test('a name stays a name', () => {
    const { html, text } = render('{{7*7}} ${7*7} <%=7*7%>', locale)
    expect(text).toContain('{{7*7}} ${7*7} <%=7*7%>,')
    expect(html).toContain('{{7*7}} ${7*7} &lt;%=7*7%&gt;,')
    expect(render('<script>alert(1)</script>', locale).html).not.toContain('<script')
    const spam = render('Win now: https://evil.example/x', locale)
    expect(spam.text + spam.html).not.toContain('evil.example')
  })
})

test('the two languages differ in every mail', () => {
  for (const { render } of Object.values(samples)) {
    expect(render('Ada', 'de').subject).not.toBe(render('Ada', 'en').subject)
    expect(render('Ada', 'de').text).not.toBe(render('Ada', 'en').text)
  }
})
