/** Another implementation agrees: `oathtool` makes codes that work, `zbarimg` reads the QR code. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../server/src/app/testing.ts'
import { api, signIn } from '../server/src/features/auth/testing.ts'
import { nextCode, twofa, verify2fa } from '../server/src/features/twofa/testing.ts'

const isRequired = process.env['REQUIRE_SERVICES'] === '1'
const isPresent = ['oathtool', 'zbarimg'].every(
  (tool) => spawnSync(tool, ['--version']).status === 0,
)
if (!isPresent && isRequired) throw new Error('oathtool and zbarimg are not installed')
if (!isPresent)
  process.stderr.write(
    'codes and QR are not read by others: oathtool and zbarimg are not installed\n',
  )

const run = (tool: string, ...given: string[]) =>
  execFileSync(tool, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
const oathCode = (secret: string) => run('oathtool', '--totp', '--base32', secret)

describe.skipIf(!isPresent)('another implementation', async () => {
  const server = await startServer()

  test('reads the QR code, makes codes of its secret, and signs in with them', async () => {
    const ada = await server.as()
    const setup = await ada.post(`${twofa}/setup`, { password: goodPassword })
    const { qrDataUrl, otpauthUrl, secret } = setup.body.data as Record<string, string>
    const folder = mkdtempSync(path.join(tmpdir(), 'ashlar-qr-'))
    const file = path.join(folder, 'qr.png')
    writeFileSync(file, Buffer.from(String(qrDataUrl).split(',')[1] ?? '', 'base64'))
    const read = run('zbarimg', '--quiet', '--raw', file)
    rmSync(folder, { recursive: true })
    expect(read).toBe(otpauthUrl)
    const url = new URL(read)
    expect(url.searchParams.get('secret')).toBe(secret)
    expect(url.searchParams.get('issuer')).toBe('Ashlar')

    const enabled = await ada.post(`${twofa}/enable`, { code: oathCode(String(secret)) })
    expect(enabled.status).toBe(200)
    await nextCode(server, ada.userId ?? '')
    const held = (await signIn(server, ada.email)).body.data
    const step = { pendingToken: held.pendingToken, code: oathCode(String(secret)) }
    const passed = await server.anonymous.post(verify2fa, step)
    expect(passed.status).toBe(200)
    const again = (await signIn(server, ada.email)).body.data
    const replay = { pendingToken: again.pendingToken, code: step.code }
    expect((await server.anonymous.post(verify2fa, replay)).status).toBe(401)
    expect((await server.anonymous.get(`${api}/users/me`)).status).toBe(401)
  })
})
