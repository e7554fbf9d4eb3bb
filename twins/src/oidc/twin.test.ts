import { createHash, randomBytes } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, afterEach, expect, test } from 'vitest'
import { startOidcTwin } from './index.ts'

const redirectUri = 'http://localhost:5000/back'
const clients = [{ id: 'app', secret: 'a secret', redirectUris: [redirectUri] }]
const accounts = [{ id: '1', email: 'ada@example.com', isEmailVerified: true, name: 'Ada' }]
const twin = await startOidcTwin({ clients, accounts })
const pool = await startOidcTwin({ clients, accounts, shape: 'cognito' })
afterAll(() => Promise.all([twin.close(), pool.close()]))
afterEach(() => {
  Object.assign(twin.faults, { jwks: 'none', issuer: null, idTokenClaims: null })
})

const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

function authorizationUrl(at = twin, changed: Record<string, string> = {}): string {
  const params = {
    client_id: 'app',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changed,
  }
  return `${at.issuer}/auth?${new URLSearchParams(params).toString()}`
}

async function redeem(back: URL, at = twin, changed: Record<string, string> = {}) {
  const reply = await fetch(`${at.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'app',
      client_secret: 'a secret',
      redirect_uri: redirectUri,
      code: back.searchParams.get('code') ?? '',
      code_verifier: verifier,
      ...changed,
    }),
  })
  const body = (await reply.json()) as Record<string, string>
  return { status: reply.status, body }
}

test('a person clicks through its page and is sent back with a code that works once', async () => {
  const back = await twin.approve(authorizationUrl(), '1')
  expect(`${back.origin}${back.pathname}`).toBe(redirectUri)
  expect(back.searchParams.get('state')).toBe('a state')
  expect(back.searchParams.get('iss')).toBe(twin.issuer)
  const { status, body } = await redeem(back)
  expect(status).toBe(200)
  expect(decodeJwt(body['id_token'] ?? '')).toMatchObject({
    iss: twin.issuer,
    aud: 'app',
    sub: '1',
    nonce: 'a nonce',
    email: 'ada@example.com',
    email_verified: true,
  })
  expect((await redeem(back)).status).toBe(400)
})

test('who says no is sent back with that', async () => {
  const back = await twin.deny(authorizationUrl())
  expect(back.searchParams.get('error')).toBe('access_denied')
})

test('a wrong verifier, client secret or redirect address gets nothing', async () => {
  for (const changed of [
    { code_verifier: randomBytes(32).toString('base64url') },
    { client_secret: 'another' },
    { redirect_uri: `${redirectUri}/` },
  ]) {
    const back = await twin.approve(authorizationUrl(), '1')
    expect((await redeem(back, twin, changed)).status).toBeGreaterThanOrEqual(400)
  }
})

test('an address that is not registered is not sent anybody', async () => {
  const changed = { redirect_uri: 'http://localhost:5000/else' }
  await expect(twin.approve(authorizationUrl(twin, changed), '1')).rejects.toThrow('no page')
})

test('access tokens have the shape that was asked for', async () => {
  const generic = (await redeem(await twin.approve(authorizationUrl(), '1'))).body['access_token']
  expect(decodeProtectedHeader(generic ?? '')).toMatchObject({ typ: 'at+jwt', alg: 'RS256' })
  expect(decodeJwt(generic ?? '')).toMatchObject({ aud: 'https://api.example.test', sub: '1' })
  const back = await pool.approve(authorizationUrl(pool), '1')
  const cognito = (await redeem(back, pool)).body['access_token'] ?? ''
  expect(decodeJwt(cognito)).toMatchObject({ token_use: 'access', client_id: 'app', sub: '1' })
  expect(decodeJwt(cognito).aud).toBeUndefined()
})

test('it lies, fails and changes its keys when it is told to', async () => {
  twin.faults.idTokenClaims = { nonce: 'another' }
  const { body } = await redeem(await twin.approve(authorizationUrl(), '1'))
  expect(decodeJwt(body['id_token'] ?? '')['nonce']).toBe('another')
  twin.faults.jwks = 'error'
  expect((await fetch(`${twin.issuer}/jwks`)).status).toBe(500)
  twin.faults.jwks = 'none'
  twin.faults.issuer = 'https://else.example'
  const found = await fetch(`${twin.issuer}/.well-known/openid-configuration`)
  expect(await found.json()).toMatchObject({ issuer: 'https://else.example' })
  const [before] = twin.keySet().keys
  await twin.rotateKeys()
  const published = (await (await fetch(`${twin.issuer}/jwks`)).json()) as {
    keys: { kid: string }[]
  }
  expect(published.keys.map(({ kid }) => kid)).toEqual(twin.keySet().keys.map(({ kid }) => kid))
  expect(published.keys.map(({ kid }) => kid)).not.toContain(before?.kid)
})
