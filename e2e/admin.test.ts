/** What an administrator does from a shell, without a running server. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { run } from './running.ts'

test('a service token is printed with its hash, and says how to rotate it', async () => {
  const made = await run(['admin', 'token'], {})
  const [, token = '', hash] = /^token {2}(\S+)\nhash {3}([0-9a-f]{64})\n$/.exec(made.stdout) ?? []
  expect(createHash('sha256').update(token).digest('hex')).toBe(hash)
  expect(made.stderr).toContain('ADMIN_SERVICE_TOKEN_HASH')
})

test('nobody loses their factors by a command that was not finished', async () => {
  const reset = ['admin', 'reset-mfa', '--email', 'ada@example.com']
  expect((await run(reset, {})).stderr).toContain('--reason')
  const refused = await run([...reset, '--reason', 'lost the phone'], {})
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--dry-run') })
})

test('nobody becomes an administrator by a command that was not finished', async () => {
  const grant = ['admin', 'grant']
  expect((await run(grant, {})).stderr).toContain('--email')
  const refused = await run([...grant, '--email', 'ada@example.com'], {})
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--dry-run') })
})
