/** The page behind the link: it consumes nothing, tells nobody where it was opened, and does what a person needs. */
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import type { Server } from '../auth/testing.ts'
import { accept, givenInvitation, lookUp, givenInviter } from './testing.ts'

const server: Server = await startServer()
const admin = await givenInviter(server, 'admin')

test('opening the link by GET or HEAD, as mail scanners do, leaves the invitation as it is', async () => {
  const { token } = await givenInvitation(server, admin)
  for (const path of ['/accept-invitation', `/accept-invitation?token=${token}`]) {
    expect((await server.anonymous.get(path)).status).toBe(200)
    const head = await server.app.inject({ method: 'HEAD', url: path })
    expect(head.statusCode).toBe(200)
  }
  expect((await lookUp(server, token)).status).toBe(200)
  expect((await accept(server, token)).status).toBe(201)
})

test('it is static, sends no referrer, is not framed, and its script is the only one allowed', async () => {
  const { headers, text } = await server.anonymous.get('/accept-invitation', {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
  })
  expect(headers['referrer-policy']).toBe('no-referrer')
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['content-security-policy']).toMatch(/script-src 'sha256-[\w+/=]+';/)
  expect(text).not.toContain('evil.example')
})

test('its script is one that a browser can read', async () => {
  const { text } = await server.anonymous.get('/accept-invitation')
  const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? ''
  expect(script).toContain('/invitations/accept')
  // Compiled, not run: there is no page here.
  expect(() => {
    runInContext(`async()=>{${script}}`, createContext({}))
  }).not.toThrow()
})
