/** `ashlar admin create|token`: administrators, from a shell on the machine. */
import { createHash, randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { createAdmin } from '../features/admin/index.ts'
import { withProcess } from './session.ts'

export function addAdmin(program: Command): void {
  const admin = program.command('admin').description('Administrators and their tokens.')

  admin
    .command('create')
    .description(
      'Make a super admin. The password is asked for, or read from standard input when that is no terminal.',
    )
    .requiredOption('--email <address>', 'their e-mail address')
    .option('--name <name>', 'their name')
    .option('--json', 'print JSON')
    .action(async ({ json, ...input }: { email: string; name?: string; json?: true }) => {
      const password = await readPassword()
      await withProcess(async ({ ctx }) => {
        const { id, email } = await createAdmin(ctx, { ...input, password })
        console.log(json ? JSON.stringify({ id, email }) : `${email} is a super admin now.`)
      })
    })

  admin
    .command('token')
    .description('Print a new service token and the hash to set as ADMIN_SERVICE_TOKEN_HASH.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => {
      const token = `ash_t_${randomBytes(32).toString('base64url')}`
      const hash = createHash('sha256').update(token).digest('hex')
      if (json) console.log(JSON.stringify({ token, hash }))
      else
        console.log(
          `Token: ${token}\nHash:  ${hash}\n\nSet the hash on the backend first and deploy, then give the token to the application that calls it.`,
        )
    })
}

async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const chunks: Buffer[] = []
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '')
  }
  process.stderr.write('Password: ')
  // Nothing of what is typed is shown.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
