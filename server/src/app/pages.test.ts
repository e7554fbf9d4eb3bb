/** The pages that mails lead to: in the reader's language, changing nothing when opened, with no script but their own. */
import { createHash } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { deliverMails, givenMember, me, query } from '../features/auth/testing.ts'
import { startServer } from './testing.ts'

const server = await startServer()

/** Something that each says in the one language and in the other. */
const pages = {
  '/verify-email': ['Confirm my address', 'Adresse bestätigen'],
  '/forgot-password': ['Forgotten your password?', 'Passwort vergessen?'],
  '/reset-password': ['Set the password', 'Passwort setzen'],
  '/sign-in-link': ['you are signed in here', 'Sie sind hier angemeldet'],
  '/change-email': ['Change the e-mail address?', 'Die E-Mail-Adresse ändern?'],
  '/accept-invitation': ['You are invited', 'Sie sind eingeladen'],
  '/restore-account': ['Keep my account', 'Konto behalten'],
  '/your-data': ['Fetch my data', 'Meine Daten holen'],
} as const

const scriptOf = (html: string) => /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? ''

describe.each(Object.entries(pages))('%s', (path, [english, german]) => {
  test.each([
    ['', {}, 'en'],
    ['?lang=de', {}, 'de'],
    ['?lang=de-AT', { 'accept-language': 'en' }, 'de'],
    ['?lang=en', { 'accept-language': 'de' }, 'en'],
    ['?lang=xx', { 'accept-language': 'de' }, 'de'],
    ['?lang=de&lang=en', {}, 'en'],
    ['', { 'accept-language': 'de-CH, de;q=0.9, en;q=0.8' }, 'de'],
    ['', { 'accept-language': 'fr, en;q=0.5, de;q=0.8' }, 'de'],
    ['', { 'accept-language': 'en-GB;q=0.4, de;q=0' }, 'en'],
    ['', { 'accept-language': ',;;q=,*' }, 'en'],
  ] as const)('%s with %j is in %s', async (search, headers, language) => {
    const reply = await server.anonymous.get(`${path}${search}`, headers)
    expect(reply.status).toBe(200)
    expect(reply.headers).toMatchObject({
      'content-language': language,
      vary: 'Origin, Accept-Language',
    })
    expect(reply.text).toContain(`<html lang="${language}">`)
    expect(reply.text.includes(english)).toBe(language === 'en')
    expect(reply.text.includes(german)).toBe(language === 'de')
  })

  test.each(['en', 'de'])('in %s runs one script, which a browser can read', async (language) => {
    const { headers, text } = await server.anonymous.get(`${path}?lang=${language}`)
    const script = scriptOf(text)
    const hash = createHash('sha256').update(script).digest('base64')
    expect(headers['content-security-policy']).toContain(`script-src 'sha256-${hash}'`)
    // Compiled, not run: there is no page here.
    expect(() => {
      runInContext(`async()=>{${script}}`, createContext({}))
    }).not.toThrow()
    expect(text.match(/<script/g)).toHaveLength(1)
  })

  test('uses no word that it does not have', async () => {
    const { text } = await server.anonymous.get(`${path}?lang=de`)
    const script = scriptOf(text)
    const words: unknown = JSON.parse(/^const words=(.*);$/m.exec(script)?.[1] ?? '')
    const used = [...script.matchAll(/words\.(\w+)/g)].map(([, name]) => name ?? '')
    expect(Object.keys(words as object)).toEqual(expect.arrayContaining(used))
    expect(text).not.toContain('undefined<')
  })

  test('says what it is asked for and nothing that came with the address', async () => {
    const { text } = await server.anonymous.get(`${path}?lang=%3Cscript%3E&token=canary`, {
      'accept-language': '<script>alert(1)</script>',
    })
    expect(text).not.toContain('canary')
    expect(text).not.toContain('alert(1)')
  })
})

test('a mail leads to a page in its own language', async () => {
  const { email } = await givenMember(server)
  const forget = async () => {
    await server.anonymous.post('/api/v1/auth/forgot-password', { email })
    await deliverMails(server)
    return (await server.mails(email)).at(-1)?.text ?? ''
  }
  expect(await forget()).toMatch(/\/reset-password#token=/)
  await query(server, `update users_users set locale = 'de-AT' where email = $1`, [email])
  const german = await forget()
  expect(german).toContain('Neues Passwort')
  expect(german).toMatch(/\/reset-password\?lang=de#token=/)
})

test('opening a page reads nobody’s data and writes nothing', async () => {
  const member = await server.as()
  const before = await server.facts()
  for (const path of Object.keys(pages)) {
    const { text } = await member.get(path)
    expect(text).not.toContain(member.email)
  }
  expect(await server.facts()).toEqual(before)
  expect((await member.get(me)).status).toBe(200)
})
