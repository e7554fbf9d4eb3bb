/** What others make of our tokens and our published keys: the openssl program, and a client that fetches the keys. */
import { execFile } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type JWK, createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { retireSigningKey, rotateSigningKey } from './index.ts'
import { encode } from './testing.ts'

const run = promisify(execFile)
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
)
if (!hasOpenssl) {
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('The openssl program is missing.')
  process.stderr.write('tokens are not verified by openssl: it is not installed\n')
}
const folder = await mkdtemp(path.join(tmpdir(), 'tokens-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const file = (name: string) => path.join(folder, name)

describe.each(['RS256', 'EdDSA'])('with %s', async (algorithm) => {
  const server = await startServer({ environment: { TOKEN_SIGNING_ALGORITHM: algorithm } })
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.app.server.address() as AddressInfo
  const address = new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`)
  const issuer = server.settings.publicUrl
  const { accessToken, refreshToken } = await server.as()

  /** What openssl says of a token and the key that is served for it. */
  async function verifyByOpenssl(token: string): Promise<boolean> {
    const { keys } = (await (await fetch(address)).json()) as { keys: JWK[] }
    const jwk = keys.find(({ kid }) => kid === decodeProtectedHeader(token).kid)
    const publicKey = createPublicKey({ key: jwk ?? {}, format: 'jwk' })
    const [head = '', body = '', signature = ''] = token.split('.')
    const [pem, text, bytes] = [file('key.pem'), file('text'), file('signature')]
    await writeFile(pem, publicKey.export({ type: 'spki', format: 'pem' }))
    await writeFile(text, `${head}.${body}`)
    await writeFile(bytes, Buffer.from(signature, 'base64url'))
    const args =
      algorithm === 'RS256'
        ? ['dgst', '-sha256', '-verify', pem, '-signature', bytes, text]
        : ['pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', '-in', text, '-sigfile', bytes]
    return run('openssl', args).then(
      () => true,
      (error: { stdout: string; stderr: string }) => {
        expect(error.stdout + error.stderr).toMatch(/verification failure/i)
        return false
      },
    )
  }

  test.runIf(hasOpenssl)('openssl verifies a token, and not a changed one', async () => {
    expect(await verifyByOpenssl(accessToken)).toBe(true)
    const [head = '', , signature = ''] = accessToken.split('.')
    expect(await verifyByOpenssl(`${head}.${encode({ sub: 'other' })}.${signature}`)).toBe(false)
  })

  test('a client that fetches the keys verifies tokens, also after a rotation, and none of a retired key', async () => {
    const keySet = createRemoteJWKSet(address, { cooldownDuration: 0 })
    const verified = async (token: string) =>
      (await jwtVerify(token, keySet, { issuer, audience: issuer, typ: 'at+jwt' })).protectedHeader
    const before = await verified(accessToken)
    expect(before.alg).toBe(algorithm)

    const made = await rotateSigningKey(server.ctx(), { isAtOnce: true, isDryRun: false })
    const { tokens } = server.process.context.ports
    await expect.poll(() => tokens.signingKid(), { timeout: 60_000 }).toBe(made.kid)
    const refreshed = await server.anonymous.post('/api/v1/auth/refresh', { refreshToken })
    expect((await verified(refreshed.body.data.accessToken)).kid).toBe(made.kid)
    expect((await verified(accessToken)).kid).toBe(before.kid)

    const forced = { isForced: true, isDryRun: false }
    await retireSigningKey(server.ctx(), before.kid ?? '', forced)
    const later = createRemoteJWKSet(address)
    await expect(jwtVerify(accessToken, later)).rejects.toThrow(errors.JWKSNoMatchingKey)
  })

  test('the keys may be kept for five minutes, by anybody', async () => {
    const { headers } = await fetch(address)
    expect(headers.get('cache-control')).toBe('public, max-age=300')
    expect(headers.get('content-type')).toContain('application/json')
  })
})
