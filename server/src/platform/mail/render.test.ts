/** From one description to HTML and text: both say the same, and nothing in the data gets out of its place. */
import { expect, test } from 'vitest'
import { button, code, facts, heading, paragraph, smallPrint } from './blocks.ts'
import { errors } from './errors.ts'
import { chooseMailLocale, frameWords, mailLocales, sayMinutes, sayMoment } from './locales.ts'
import { findGreetingName } from './names.ts'
import { defineMail } from './templates.ts'

const product = { name: 'Stein & Co', publicUrl: 'https://app.example.org' }
const link = 'https://app.example.org/verify?token=abc&next=%2Fhome'

const sample = defineMail<{ name: string; link: string }>()({
  name: 'test.sample',
  en: (data) => ({
    subject: `Hello ${data.name}`,
    preview: `For ${data.name}`,
    blocks: [
      heading(`Welcome ${data.name}`),
      paragraph(`Dear ${data.name}`),
      button('Go', data.link),
      code('Your code', '123456'),
      facts([['Device', data.name]]),
      smallPrint(`Sent to ${data.name}`),
    ],
  }),
  de: (data) => ({
    subject: `Hallo ${data.name}`,
    preview: '',
    blocks: [button('Los', data.link)],
  }),
})

const render = (name: string, locale: 'en' | 'de' = 'en') =>
  sample.render({ name, link }, { locale, product })

test('both parts carry every block, the link and the code', () => {
  const { html, text, subject } = render('Ada')
  expect(subject).toBe('Hello Ada')
  for (const piece of [
    'Welcome Ada',
    'Dear Ada',
    'Go',
    'Your code',
    '123456',
    'Device',
    'Sent to Ada',
  ]) {
    expect(html).toContain(piece)
    expect(text).toContain(piece)
  }
  expect(text).toContain(`Go:\n${link}\n`)
  expect(html).toContain('href="https://app.example.org/verify?token=abc&amp;next=%2Fhome"')
})

const injections = [
  '{{7*7}} ${7*7} <%=7*7%> #{7*7} {% raw %}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</title></style><style>*{display:none}</style>',
  '&lt;b&gt; &amp; &#60;',
  '<!--',
  'javascript:alert(1)',
]

test.each(injections)('%s is shown as it was written, and only shown', (name) => {
  const { html, text, subject } = render(name)
  const plain = render('Ada').html
  expect(text).toContain(`Dear ${name}`)
  expect(subject).toBe(`Hello ${name}`)
  expect(html).not.toMatch(/(?<!\d)49(?!\d)/)
  // The same tags, attributes and comments as with an innocent name: the name added text and nothing else.
  expect(tagsOf(html)).toEqual(tagsOf(plain))
})

test('a name cannot write lines of its own, nor turn the reading direction', () => {
  const { text, subject, html } = render('Ada\r\n\r\nPay here:\u2028now\u202Etxt.exe\u200B')
  expect(text).toContain('Dear Ada Pay here: nowtxt.exe\n')
  expect(subject).toBe('Hello Ada Pay here: nowtxt.exe')
  expect(html).not.toMatch(/[\u2028\u202E\u200B\r]/)
})

test('an endless subject is cut', () => {
  expect(render('x'.repeat(500)).subject).toHaveLength(150)
})

test.each([
  'https://evil.example/verify',
  'http://app.example.org/verify',
  'https://app.example.org.evil.example/',
  'https://app.example.org:8443/',
  'https://evil.example@app.example.org/',
  'https://app.example.org@evil.example/',
  '//evil.example/',
  '/verify',
  'javascript:alert(1)',
  'data:text/html,x',
])('a mail that would link to %s is not rendered', (foreign) => {
  expect(() => sample.render({ name: 'Ada', link: foreign }, { locale: 'en', product })).toThrow(
    errors.link_foreign.message,
  )
})

test('the HTML states its language, its title and both colour schemes, and loads nothing', () => {
  for (const locale of mailLocales) {
    const { html } = render('Ada', locale)
    expect(html).toContain(`<html lang="${locale}" dir="ltr">`)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('@media (prefers-color-scheme:dark)')
    expect(html).not.toMatch(/<(?:table|img|script|link|iframe)\b|url\(|@import|http:/)
    expect(html).toContain(frameWords[locale].buttonFallback)
    expect(html).toContain('Stein &amp; Co')
  }
})

test('the language of a mail is the nearest there is, English otherwise', () => {
  expect(['de', 'de-AT', 'DE_ch', 'en-GB', 'fr', '', null].map(chooseMailLocale)).toEqual([
    'de',
    'de',
    'de',
    'en',
    'en',
    'en',
    'en',
  ])
})

test('spans and moments are said in the language of the mail', () => {
  expect([30, 60, 1440, 10_080].map((minutes) => sayMinutes(minutes, 'en'))).toEqual([
    '30 minutes',
    '1 hour',
    '24 hours',
    '7 days',
  ])
  expect([30, 60, 1440, 10_080].map((minutes) => sayMinutes(minutes, 'de'))).toEqual([
    '30 Minuten',
    '1 Stunde',
    '24 Stunden',
    '7 Tage',
  ])
  expect(sayMoment('2026-11-15T10:03:00+01:00', 'en')).toMatch(
    /^November 15, 2026 at 9:03\sAM UTC$/,
  )
  expect(sayMoment('2026-11-15T10:03:00Z', 'de')).toBe('15. November 2026 um 10:03 UTC')
})

test('a name that reads as a link or an advertisement is not greeted', () => {
  const dubious = [
    'Win at http://evil.example',
    'www.evil.example',
    'evil.example',
    'x@evil.example',
    'x'.repeat(61),
    ' \n ',
    null,
  ]
  expect(dubious.map(findGreetingName)).toEqual(dubious.map(() => null))
  const honest = ['Ada Lovelace', 'J.R.R. Tolkien', "Conan O'Brien", 'Łukasz', '李小龍', '{{7*7}}']
  expect(honest.map(findGreetingName)).toEqual(honest)
})

function tagsOf(source: string): string[] {
  return (source.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ aria-label="[^"]*"/, ''))
}
