/** Which algorithm signs: changed without a sign-out, and a shared secret only where development asks for it. */
import { eq, sql } from 'drizzle-orm'
import { decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import { signingKeys } from '../tables.ts'
import { rotateSigningKey } from './index.ts'
import {
  type Server,
  changeKey,
  hmacByHand,
  kidOf,
  kidsAt,
  letSign,
  listAt,
  now,
  openSigningKey,
  refreshAt,
  tokensOf,
  useAt,
} from './testing.ts'

let server: Server
let second: Server
let first: string
beforeEach(async () => {
  server = await startServer()
  second = await startServer({ location: server.location })
  first = tokensOf(server).signingKid() ?? ''
})

describe('another algorithm', () => {
  test('gets a key of its own when a process starts with it; it is published first, and both verify', async () => {
    const ada = await server.as()
    const changed = await startServer({
      location: server.location,
      environment: { TOKEN_SIGNING_ALGORITHM: 'rs256' },
    })
    // Until everybody can know the new key, the old one signs.
    const eve = await changed.as()
    expect(kidOf(eve.accessToken)).toBe(first)
    const made = (await listAt(changed)).find(({ algorithm }) => algorithm === 'RS256')
    expect(made?.state).toBe('pending')
    await letSign(made?.kid ?? '', changed)
    const next = (await refreshAt(changed, ada.refreshToken)).body.data
    expect(decodeProtectedHeader(next.accessToken)).toMatchObject({ alg: 'RS256', kid: made?.kid })
    // The one that was not restarted goes on with its own, and takes the other's tokens.
    expect(tokensOf(server).signingKid()).toBe(first)
    for (const token of [ada.accessToken, next.accessToken])
      for (const at of [server, second, changed])
        await eventually(async () => (await useAt(at, token)).status === 200)
    // A second process with that setting makes no third key.
    await startServer({
      location: server.location,
      environment: { TOKEN_SIGNING_ALGORITHM: 'RS256' },
    })
    expect(await server.db.$count(signingKeys)).toBe(2)
  })

  test('can be published ahead of the change, and signs from the first start on', async () => {
    const made = await rotateSigningKey(server.ctx(), {
      algorithm: 'RS256',
      isAtOnce: true,
      isDryRun: false,
    })
    expect(tokensOf(server).signingKid()).toBe(first)
    await changeKey(server, made.kid, { signsFrom: sql`now()` })
    const changed = await startServer({
      location: server.location,
      environment: { TOKEN_SIGNING_ALGORITHM: 'RS256' },
    })
    expect(kidOf((await changed.as()).accessToken)).toBe(made.kid)
  })
})

describe('a shared secret', () => {
  test('signs where development asks for it, is published nowhere, and believed nowhere else', async () => {
    const shared = await startServer({
      location: server.location,
      environment: { TOKEN_SIGNING_ALGORITHM: 'HS256' },
    })
    const ada = await shared.as()
    expect(decodeProtectedHeader(ada.accessToken).alg).toBe('HS256')
    expect((await useAt(shared, ada.accessToken)).status).toBe(200)
    expect(await kidsAt(shared)).toEqual([first])
    expect(
      JSON.stringify((await shared.anonymous.get('/.well-known/jwks.json')).body),
    ).not.toContain('oct')
    await tokensOf(server).reload()
    expect((await useAt(server, ada.accessToken)).status).toBe(401)
    const { kid, key } = await openSigningKey(shared)
    const claims = {
      sid: 's',
      sub: 'u',
      iss: shared.settings.publicUrl,
      aud: shared.settings.publicUrl,
      iat: now(),
      exp: now() + 60,
    }
    const byHand = hmacByHand(key.export(), '256', { alg: 'HS256', kid, typ: 'at+jwt' }, claims)
    expect(await tokensOf(shared).verify(byHand)).not.toBeNull()
    expect(await tokensOf(server).verify(byHand)).toBeNull()
    // And not with the name of the other key.
    const crossed = hmacByHand(
      key.export(),
      '256',
      { alg: 'HS256', kid: first, typ: 'at+jwt' },
      claims,
    )
    expect(await tokensOf(shared).verify(crossed)).toBeNull()
  })

  test('is never what a process falls back to', async () => {
    await startServer({
      location: server.location,
      environment: { TOKEN_SIGNING_ALGORITHM: 'HS256' },
    })
    await server.db.delete(signingKeys).where(eq(signingKeys.algorithm, 'EdDSA'))
    const later = await startServer({ location: server.location })
    expect(decodeProtectedHeader((await later.as()).accessToken).alg).toBe('EdDSA')
  })
})
