/** The invitation's mail: in every language, with one link home, whatever the names and the message say. */
import { describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { extractLinks, mailLocales } from '../../platform/mail/index.ts'
import { type Server, deliverMails, givenMember, me, newEmail, query } from '../auth/testing.ts'
import { invitation } from './mails.ts'
import { findTokens, url, givenInviter } from './testing.ts'

const product = { name: 'Ashlar', publicUrl: 'https://app.example.org' }
const link = `${product.publicUrl}/accept-invitation#token=abc.def`
const data = {
  name: 'Ada',
  inviter: 'Grace Hopper',
  role: 'support',
  message: 'See you on Monday',
  link,
  expiresMinutes: 7 * 24 * 60,
}

describe.each(mailLocales)('in %s', (locale) => {
  const render = (changes: Partial<typeof data> | object = {}) =>
    invitation.render({ ...data, ...changes }, { locale, product })

  test('both parts carry the link, who invites, to what, for how long, and the message', () => {
    const { html, text, subject } = render()
    expect(extractLinks(text)).toEqual([link])
    expect(html).toContain(`href="${link}"`)
    const days = locale === 'en' ? '7 days' : '7 Tage'
    for (const piece of ['Ada,', 'Grace Hopper', 'support', 'See you on Monday', days]) {
      expect(text).toContain(piece)
      expect(html).toContain(piece)
    }
    expect(subject).toContain('Ashlar')
    expect(html).toContain(`<html lang="${locale}"`)
  })

  test('reads well with nothing but the role', () => {
    const { text } = render({ name: null, inviter: null, message: null })
    expect(text).toContain(locale === 'en' ? 'An administrator invites' : 'Die Verwaltung lädt')
    expect(text).not.toMatch(/null|undefined|NaN|“”|\s,/)
  })

  test('names and message stay text', () => {
    const script = '<script>alert(1)</script>'
    const { html } = render({ name: script, inviter: script, message: `${script}{{7*7}}` })
    expect(html).not.toContain('<script')
    expect(html).toContain('{{7*7}}')
    const spam = render({ name: 'Win: evil.example/x', inviter: 'www.evil.example' })
    expect(spam.text + spam.html).not.toContain('evil.example')
  })
})

test('the worker sends it to exactly one mailbox, with a link to the configured address, whatever Host says', async () => {
  const running: Server = await startServer({ hasJobs: true })
  const admin = await givenInviter(running, 'admin')
  const email = newEmail()
  const lies = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    forwarded: 'host=evil.example',
  }
  expect((await admin.post(url, { email, role: 'member' }, lies)).status).toBe(201)
  const mail = await eventually(async () => (await running.mails(email))[0])
  expect(mail.text).toContain(`${running.settings.publicUrl}/accept-invitation#token=`)
  expect(`${mail.text}${mail.html}`).not.toContain('evil.example')
})

test('it is in the language of the account that has the address, and else of whoever invites', async () => {
  const server: Server = await startServer()
  const admin = await givenInviter(server, 'admin')
  await admin.patch(me, { locale: 'de' })
  const email = newEmail()
  await admin.post(url, { email, role: 'member' })
  const member = await givenMember(server)
  await admin.post(url, { email: member.email, role: 'editor' })
  await deliverMails(server)
  expect((await server.mails(email))[0]?.subject).toBe('Einladung zu Ashlar')
  expect((await server.mails(member.email)).at(-1)?.subject).toBe('You are invited to Ashlar')
})

test('it is not sent where its link would be dead: the account of the address is suspended', async () => {
  const server: Server = await startServer()
  const admin = await givenInviter(server, 'admin')
  const member = await server.as('member')
  await query(server, `update users_users set status = 'suspended' where id = $1`, [member.userId])
  expect((await admin.post(url, { email: member.email, role: 'editor' })).status).toBe(201)
  await deliverMails(server)
  expect(await server.mails(member.email)).toEqual([])
})

test('the setting says how long it works', async () => {
  const server: Server = await startServer({ environment: { INVITATION_EXPIRY: '2h' } })
  const admin = await givenInviter(server, 'admin')
  const email = newEmail()
  const { expiresAt } = (await admin.post(url, { email, role: 'member' })).body.data
  const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(1.9)
  expect(hours).toBeLessThanOrEqual(2)
  expect(await findTokens(server, email)).toHaveLength(1)
  expect((await server.mails(email))[0]?.text).toContain('2 hours')
  await expect(startServer({ environment: { INVITATION_EXPIRY: '8d' } })).rejects.toThrow(
    /INVITATION_EXPIRY/,
  )
})
