/** `ashlar tour`: drives a running server through the product as a client would, one line per step. */
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { revokeRole } from '../features/access/index.ts'
import { createAccount, signOutEverywhere } from '../features/auth/index.ts'
import type { Administrator } from '../tour/administration.ts'
import { runTour } from '../tour/tour.ts'
import { lockUser } from '../features/users/index.ts'
import { withProcess } from './session.ts'

export function addTour(program: Command): void {
  program
    .command('tour')
    .description(
      'Show the product at work on a running server; starts one for as long as it takes if none runs.',
    )
    .option('--url <url>', 'the server to drive (default: PUBLIC_URL)')
    .option('--json', 'print each step as a line of JSON')
    .action(async ({ url, json }: { url?: string; json?: true }) => {
      const isGood = await runTour({ url, asJson: json === true, lendAdministrator })
      process.exitCode = isGood ? 0 : 1
    })
}

/** Somebody with the role `admin`, for as long as the work takes; a tour that is killed leaves a password nobody knows. */
async function lendAdministrator(work: (admin: Administrator) => Promise<void>): Promise<void> {
  const email = `tour-admin-${randomBytes(6).toString('hex')}@example.com`
  const password = `tour ${randomBytes(12).toString('base64url')}`
  const id = await withProcess(async ({ ctx }) => {
    const passwordHash = await ctx.ports.passwords.hash(password)
    const user = await ctx.tx((tx) => createAccount(tx, { email, passwordHash, role: 'admin' }))
    if (!user) throw new Error(`${email} is taken`)
    return user.id
  })
  try {
    await work({ email, password })
  } finally {
    await withProcess(({ ctx }) =>
      ctx.tx(async (tx) => {
        await lockUser(tx, id)
        await revokeRole(tx, id, 'admin')
        await signOutEverywhere(tx, id, { reason: 'tour_ended', keys: true })
      }),
    )
  }
}
