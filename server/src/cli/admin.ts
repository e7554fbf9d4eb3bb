/** `ashlar admin create`: administrators, from a shell on the machine. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { createAdmin } from '../features/admin/index.ts'
import { withProcess } from './session.ts'

export function addAdmin(program: Command): void {
  const admin = program.command('admin').description('Administrators.')

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
