/** The page of the web application, as the server sends it. */
import { expect, test } from 'vitest'
import { startServer } from './testing.ts'

const server = await startServer()
const addresses = ['/', '/sign-in', '/register', '/setup', '/account', '/admin', '/admin/users/x']

test.each(addresses)(
  '%s is the application, kept nowhere, and runs nothing but our files',
  async (address) => {
    const { status, headers, text } = await server.anonymous.get(`${address}?to=canary#canary`)
    expect(status).toBe(200)
    expect(text).toContain('<div id="root"></div>')
    expect(text).not.toContain('canary')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain(`script-src 'self';`)
    expect(policy).not.toContain('unsafe')
  },
)

test('styles carry a nonce that no other answer has', async () => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { headers, text } = await server.anonymous.get('/sign-in')
      const nonce = /name="style-nonce" content="([\w-]{22})"/.exec(text)?.[1] ?? ''
      expect(String(headers['content-security-policy'])).toContain(`'nonce-${nonce}'`)
      return nonce
    }),
  )
  expect(new Set(nonces).size).toBe(2)
})

test('an address that is none of the application’s is not found', async () => {
  for (const address of ['/sign-in/x', '/nothing', '/setup/x', '/administration'])
    expect((await server.anonymous.get(address)).status, address).toBe(404)
})

test('the page says where captured mail is, and nothing where it is sent', async () => {
  const said = async (from: typeof server) =>
    /name="mailbox" content="([^"]*)"/.exec((await from.anonymous.get('/register')).text)?.[1]
  expect(await said(server)).toBe('/dev/mailbox')
  const sending = await startServer({
    environment: { MAIL_DRIVER: 'smtp', SMTP_HOST: 'localhost' },
  })
  expect(await said(sending)).toBe('')
})
