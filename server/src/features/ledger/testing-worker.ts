/** A process for tests: moves and holds money at random until it is killed, and tells its parent what it committed. */
import { randomInt, randomUUID } from 'node:crypto'
import process from 'node:process'
import { systemActor } from '../../app/actors.ts'
import { loadConfig } from '../../platform/config/index.ts'
import { armCrashPoints } from '../../platform/crash-points.ts'
import { type ContextDeps, createCtx } from '../../platform/context.ts'
import { connect } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { money } from '../../platform/money/index.ts'
import { openHold, post, releaseHold, reverse, settleHold } from './index.ts'

const loaded = loadConfig(process.env)
if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
const { config } = loaded
armCrashPoints(config.ashlarCrash)
const wallets = (process.argv[2] ?? '').split(',')
const loops = 6
const { db } = connect({
  url: config.databaseUrl ?? '',
  role: null,
  size: loops,
  overflow: 0,
  acquireTimeoutSeconds: 60,
  recycleSeconds: 600,
  statementTimeoutSeconds: 60,
  lockTimeoutSeconds: 60,
  idleInTransactionTimeoutSeconds: 60,
  applicationName: 'ashlar',
  onError: () => {},
})
const context: ContextDeps = {
  db,
  // Nothing here reaches the outside world.
  ports: {} as ContextDeps['ports'],
  settings: { ...config, secretKey: config.secretKey ?? '' },
  onCommit: () => {},
}

const ctx = () => createCtx(context, { actor: systemActor('test'), requestId: randomUUID() })
const any = () => wallets[randomInt(wallets.length)] ?? ''

async function moveSome(): Promise<void> {
  const [debit, credit] = [any(), any()]
  if (debit === credit) return
  const idemKey = randomUUID()
  const amount = money(randomInt(1, 50), 'USD')
  const { transaction } = await ctx().tx((tx) =>
    post(tx, { idemKey, reason: 'test.moved', postings: [{ debit, credit, amount }] }),
  )
  process.send?.({ committed: idemKey })
  if (randomInt(4) === 0)
    await ctx().tx((tx) => reverse(tx, transaction.id, { reason: 'test.undone' }))
}

async function holdSome(): Promise<void> {
  const [account, to] = [any(), any()]
  const amount = randomInt(1, 50)
  const { hold } = await ctx().tx((tx) =>
    openHold(tx, {
      account,
      amount: money(amount, 'USD'),
      idemKey: randomUUID(),
      expiresAt: new Date(),
    }),
  )
  if (randomInt(2) === 0 || to === account)
    return void (await ctx().tx((tx) => releaseHold(tx, hold.id)))
  const used = money(randomInt(amount + 1), 'USD')
  await ctx().tx((tx) => settleHold(tx, hold.id, { amount: used, to, reason: 'test.used' }))
}

async function goOn(): Promise<never> {
  for (;;) {
    await (randomInt(2) === 0 ? moveSome() : holdSome()).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'ledger.insufficient_funds') throw error
    })
  }
}

process.send?.('ready')
await Promise.all(Array.from({ length: loops }, goOn))
