/** `ashlar admin create|grant|token|reset-mfa`: administrators and their programs, from a shell on the machine. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import {
  createAdmin,
  giveRoleByEmail,
  newEnvironmentToken,
  resetFactorsByEmail,
} from '../features/admin/index.ts'
import { withProcess } from './session.ts'

const rotation = `
1. Set ADMIN_SERVICE_TOKEN_HASH on this server, "NEW,OLD" while the old token is still in use, and deploy.
2. Then set ADMIN_SERVICE_TOKEN in the admin application, and deploy it.
3. Then take the old hash away here. Never commit the token; it is not shown again.`

type ResetOptions = {
  readonly email: string
  readonly reason: string
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

type GrantOptions = {
  readonly email: string
  readonly role: string
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

export function addAdmin(program: Command): void {
  const admin = program.command('admin').description('Administrators and their programs.')

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

  addGrant(admin)

  admin
    .command('token')
    .description('Make a random service token, and its hash for ADMIN_SERVICE_TOKEN_HASH.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) => {
      const { token, hash } = newEnvironmentToken()
      if (json) return console.log(JSON.stringify({ token, hash }))
      console.log(`token  ${token}\nhash   ${hash}`)
      return console.error(rotation)
    })

  const reset = admin
    .command('reset-mfa')
    .description(
      'Take somebody’s authenticator, passkeys and trusted devices away; they are told by mail.',
    )
    .requiredOption('--email <address>', 'whose')
    .requiredOption('--reason <words>', 'why; kept with the account')
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do it')
    .option('--json', 'print JSON')
    .action(async ({ email, reason, dryRun, yes, json }: ResetOptions) => {
      if (!dryRun && !yes)
        reset.error('error: add --yes to do it, or --dry-run to see what it does')
      await withProcess(async ({ ctx }) => {
        const gone = await resetFactorsByEmail(ctx, { email, reason, isDryRun: dryRun === true })
        if (json) return console.log(JSON.stringify(gone))
        const authenticator = gone.hadAuthenticator ? 'an authenticator' : 'no authenticator'
        const verb = dryRun ? 'Would take away' : 'Took away'
        return console.log(`${verb} ${authenticator} and ${gone.passkeys} passkeys of ${email}.`)
      })
    })
}

function addGrant(admin: Command): void {
  const grant = admin
    .command('grant')
    .description('Give a role to an account that there is; its sessions end.')
    .requiredOption('--email <address>', 'whose')
    .option('--role <name>', 'which role', 'super_admin')
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do it')
    .option('--json', 'print JSON')
    .action(async ({ email, role, dryRun, yes, json }: GrantOptions) => {
      if (!dryRun && !yes)
        grant.error('error: add --yes to do it, or --dry-run to see what it does')
      await withProcess(async ({ ctx }) => {
        const given = await giveRoleByEmail(ctx, { email, role, isDryRun: dryRun === true })
        if (json) return console.log(JSON.stringify({ ...given, role }))
        if (!given.isNew) return console.log(`${email} has the role ${role} already.`)
        return console.log(`${dryRun ? 'Would give' : 'Gave'} ${email} the role ${role}.`)
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
