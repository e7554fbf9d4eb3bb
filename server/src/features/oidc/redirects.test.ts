/** Where sign-in may lead: our own origins, spelt as browsers read them. */
import { describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api } from '../auth/testing.ts'
import {
  comeBack,
  entryOf,
  environmentOf,
  givenTwin,
  landingOf,
  onTheWay,
  publicUrl,
  refusedWith,
} from './testing.ts'

const twin = await givenTwin()
const server = await startServer({
  environment: {
    ...environmentOf(entryOf(twin)),
    FRONTEND_URL: 'https://app.example.com/home',
    CORS_ORIGINS: 'https://app.example.com,https://console.example.com:8443',
  },
})
const startWith = (redirectTo: string) =>
  server.anonymous.post(`${api}/oidc/twin/start`, { redirectTo })

describe('an address of ours is where the browser ends, error or not', () => {
  test.each([
    ['/', 'https://app.example.com/'],
    ['/a/b?c=d&e=%2F', 'https://app.example.com/a/b?c=d&e=%2F'],
    ['https://app.example.com', 'https://app.example.com'],
    ['https://app.example.com/x', 'https://app.example.com/x'],
    ['https://app.example.com?x=1', 'https://app.example.com?x=1'],
    ['https://console.example.com:8443/x', 'https://console.example.com:8443/x'],
    [`${publicUrl}/x`, `${publicUrl}/x`],
    ['/@evil.example', 'https://app.example.com/@evil.example'],
    ['/https://evil.example', 'https://app.example.com/https://evil.example'],
  ])('%s', async (given, address) => {
    const { authorizationUrl, cookie } = onTheWay(await startWith(given))
    const reply = await comeBack(server, await twin.deny(authorizationUrl), cookie)
    expect(landingOf(reply)).toEqual(refusedWith('oidc.access_denied', address))
  })

  test('without one it is the web application', async () => {
    const way = onTheWay(await server.anonymous.post(`${api}/oidc/twin/start`, {}))
    const reply = await comeBack(server, await twin.deny(way.authorizationUrl), way.cookie)
    expect(landingOf(reply).address).toBe('https://app.example.com/home')
  })
})

describe('any other address is refused before anybody is sent anywhere', () => {
  test.each([
    'https://evil.example',
    'https://app.example.com.evil.example',
    'https://app.example.com@evil.example',
    'https://app.example.com:443@evil.example',
    'https://user@app.example.com/',
    'https://user:pass@app.example.com/',
    'http://app.example.com/',
    'https://app.example.com:444/',
    'https://app.example.com:443/',
    'https://APP.example.com/',
    'https:/app.example.com/',
    'https:app.example.com/',
    'https:evil',
    'https:///app.example.com',
    'https:\\\\evil.example',
    'https://app.example.com\\@evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\u0001/x',
    ' /x',
    '/x y',
    '/x\r\nset-cookie: a=b',
    '/x#fragment',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://app.example.com/x',
    'file:///etc/passwd',
    'app.example.com',
    'evil.example',
    '?x',
    '.',
    '',
    `/${'x'.repeat(2_001)}`,
  ])('%j', async (given) => {
    const reply = await startWith(given)
    expect(reply.status).toBe(422)
    expect(reply.headers['set-cookie']).toBeUndefined()
  })

  test('%-escapes stay what they are: a path of ours', async () => {
    const given = '/%0d%0aset-cookie:a=b'
    const { authorizationUrl, cookie } = onTheWay(await startWith(given))
    const reply = await comeBack(server, await twin.deny(authorizationUrl), cookie)
    expect(reply.headers['location']).toBe(
      `https://app.example.com${given}#error=oidc.access_denied`,
    )
    expect(reply.headers['set-cookie']).toBeUndefined()
  })
})
