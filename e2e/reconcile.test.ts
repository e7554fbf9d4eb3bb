/** The comparison with the payment provider from the command line: exit codes for scripts, and a kill -9 in the middle. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually } from '../server/src/app/testing.ts'
import { query } from '../server/src/features/auth/testing.ts'
import { type Shop, chargeOf, openShop } from '../server/src/features/reconciliation/testing.ts'
import { dataDirectory, descendantsOf, run } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const bin = path.resolve(import.meta.dirname, '../server/bin/ashlar.js')

const environmentOf = ({ server, environment }: Shop) => ({
  ASHLAR_DATA_DIR: path.join(directory.path, 'data'),
  DATABASE_URL: server.location.appUrl,
  DATABASE_OWNER_URL: server.location.ownerUrl,
  SECRET_KEY: server.settings.secretKey,
  ...environment,
})
const ashlar = (shop: Shop, ...args: string[]) => run(args, environmentOf(shop))

test('what is missing is brought in with code 0; what is left is named with code 2; a provider that fails is code 1', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid()
  const dry = await ashlar(shop, 'reconcile', '--dry-run')
  expect(dry).toMatchObject({ code: 2, stderr: '' })
  expect(dry.stdout).toContain(`would_heal warning behind payment_intent ${paid.providerRef}`)

  const healed = await ashlar(shop, 'reconcile', '--json')
  expect(healed.code).toBe(0)
  expect(JSON.parse(healed.stdout)).toMatchObject({
    span: '24h',
    state: 'clean',
    healed: [{ class: 'behind', ref: paid.providerRef, ourId: paid.id }],
    drift: [],
    balances: [{ currency: 'USD', provider: '1037', ledger: '1037', unexplained: '0' }],
  })

  const orphan = await shop.stripe.paymentIntents.create({ amount: 700, currency: 'usd' })
  const charge = chargeOf(await shop.pay(orphan.id))
  const left = await ashlar(shop, 'reconcile', '--full')
  expect(left.code).toBe(2)
  expect(left.stdout).toContain(
    `open critical orphan charge ${charge}: expected nothing, found 700 USD`,
  )
  shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/charges' })
  const failed = await ashlar(shop, 'reconcile')
  expect(failed.code).toBe(1)
  expect(failed.stderr).not.toBe('')
})

test('M103 killed in the middle, the next one goes on where it was and ends with the same report', async () => {
  const shop = await openShop()
  const paid = await shop.givenPaid()
  await shop.behind('POST', 'balance_transactions', {
    amount: 500,
    currency: 'usd',
    type: 'adjustment',
  })
  shop.twin.faults.request({
    fault: 'delay',
    on: 'GET /v1/balance_transactions',
    amount: 600_000,
  })
  const child = spawn(process.execPath, [bin, 'reconcile'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environmentOf(shop) },
    stdio: 'ignore',
  })
  const [begun] = await eventually(async () => {
    const rows = await query<{ id: string }>(
      shop.server,
      `select id from reconciliation_runs where stage = 'movements'`,
    )
    return rows.length === 1 ? rows : null
  })
  for (const pid of await descendantsOf(child.pid ?? 0)) process.kill(pid, 'SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(await shop.stateOf(paid.id)).toBe('held')

  // Until its lease is over it might be alive.
  const early = await ashlar(shop, 'reconcile')
  expect(early).toMatchObject({ code: 1 })
  expect(early.stderr).toContain('reconciliation.under_way')
  await query(
    shop.server,
    `update reconciliation_runs set lease_until = now() - interval '1 second'`,
  )
  const resumed = await ashlar(shop, 'reconcile', '--json')
  expect(resumed.code).toBe(2)
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    id: begun?.id,
    state: 'drift',
    scanned: { payment_intent: 1, charge: 1, movements: 2 },
    healed: [{ class: 'behind', ref: paid.providerRef }],
    drift: [{ class: 'unposted', delta: '500' }],
  })
  expect(await query(shop.server, 'select 1 from reconciliation_runs')).toHaveLength(1)
})
