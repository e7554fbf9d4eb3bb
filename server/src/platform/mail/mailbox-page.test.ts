/** The development mailbox: its links, and that a hostile mail stays text on its page. */
import { expect, test } from 'vitest'
import { extractLinks } from './links.ts'
import { mailboxContentSecurityPolicy, renderMailboxPage } from './mailbox-page.ts'
import type { MailboxMessage } from './mailbox-page.ts'

function givenCaptured(changes: Partial<MailboxMessage> = {}): MailboxMessage {
  return {
    id: '0190a1b2-0000-7000-8000-000000000001',
    capturedAt: new Date('2026-11-15T10:03:00Z'),
    from: 'shop@example.org',
    to: 'u1@example.org',
    subject: 'Confirm',
    text: 'Open https://app.example.org/verify?token=abc&x=1 now.',
    html: '<p>Hello</p>',
    headers: {},
    messageId: '<a@example.org>',
    ...changes,
  }
}

test('links are found in order, once each, without the punctuation around them', () => {
  const text = `See https://a.example/x?y=1&z=2#f. Again: https://a.example/x?y=1&z=2#f
    (or http://b.example/p_(q)), <https://c.example/>; "https://d.example:8443/e", ftp://no.example javascript:no https:// end`
  expect(extractLinks(text)).toEqual([
    'https://a.example/x?y=1&z=2#f',
    'http://b.example/p_(q)',
    'https://c.example/',
    'https://d.example:8443/e',
  ])
  expect(extractLinks('nothing here')).toEqual([])
  // Base64url tokens may end like this.
  expect(extractLinks('https://a.example/v#token=ab-_')).toEqual(['https://a.example/v#token=ab-_'])
})

test('the page lists every mail with its links and its HTML in a frame that may do nothing', () => {
  const page = renderMailboxPage([givenCaptured(), givenCaptured({ id: '2', subject: 'Second' })])
  expect(page.match(/<article /g)).toHaveLength(2)
  expect(page).toContain('href="#mail-2"')
  expect(page).toContain('id="mail-2"')
  expect(page).toContain('href="https://app.example.org/verify?token=abc&amp;x=1"')
  expect(page.match(/<iframe sandbox loading/g)).toHaveLength(2)
  expect(page).toContain('srcdoc="&lt;p&gt;Hello&lt;/p&gt;"')
})

test('a hostile mail adds text to the page and nothing else', () => {
  const evil = `"'></pre></iframe></article><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}`
  const hostile = givenCaptured({
    id: evil,
    from: evil,
    to: evil,
    subject: evil,
    text: evil,
    html: evil,
    messageId: evil,
    headers: { [evil]: evil },
  })
  const page = renderMailboxPage([hostile], { title: evil })
  const innocent = renderMailboxPage([
    givenCaptured({ text: 'no link', headers: { 'X-Kind': 'a' } }),
  ])
  expect(tagsOf(page)).toEqual(tagsOf(innocent))
  expect(page).toContain('{{7*7}}')
})

test('the page needs no script and its policy allows none', () => {
  const page = renderMailboxPage([givenCaptured()], { jsonUrl: '/dev/mailbox.json' })
  expect(page).not.toMatch(/<script| on[a-z]+=/)
  expect(page).toContain('href="/dev/mailbox.json"')
  expect(page).toContain('<meta name="referrer" content="no-referrer">')
  expect(mailboxContentSecurityPolicy).toContain("default-src 'none'")
  expect(mailboxContentSecurityPolicy).not.toContain('script-src')
})

test('an empty mailbox says what will appear there', () => {
  expect(renderMailboxPage([])).toContain('No mail yet')
})

/** Every tag, without the attributes that carry a mail's own text. */
function tagsOf(source: string): string[] {
  const own = / (?:id|href|srcdoc|aria-labelledby)="[^"]*"/g
  return (source.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(own, ''))
}
