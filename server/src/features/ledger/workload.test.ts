/** Everything at once and in any order: the ledger does what a ledger on paper would, and survives the death of who writes. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventually, startServer } from '../../app/testing.ts'
import type { TxCtx } from '../../platform/context.ts'
import { query, rounds, together } from '../auth/testing.ts'
import { chart, getBalance, openHold, post, releaseHold, reverse, settleHold } from './index.ts'
import { expireHolds } from './jobs.ts'
import { accountOf, balanceIn, expectTrue, givenFunds, usd } from './testing.ts'

const server = await startServer()
const walletCount = 3

/** The ledger on paper: what each step should do, kept with numbers and nothing else. */
class Paper {
  readonly balances = Array.from({ length: walletCount }, () => 0)
  readonly held = Array.from({ length: walletCount }, () => 0)
  readonly moves: { id: string; from: number; to: number; amount: number; isReversed: boolean }[] =
    []
  readonly holds: { id: string; of: number; amount: number; end: string }[] = []

  /** Of the world, which is account -1, there is always enough. */
  available(wallet: number): number {
    if (wallet === -1) return Number.POSITIVE_INFINITY
    return (this.balances[wallet] ?? 0) - (this.held[wallet] ?? 0)
  }

  move(from: number, to: number, amount: number): void {
    if (from >= 0) this.balances[from] = (this.balances[from] ?? 0) - amount
    if (to >= 0) this.balances[to] = (this.balances[to] ?? 0) + amount
  }

  hold(wallet: number, amount: number): void {
    this.held[wallet] = (this.held[wallet] ?? 0) + amount
  }
}

const wallet = fc.nat(walletCount - 1)
const amount = fc.integer({ min: 1, max: 120 })
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('grant' as const), to: wallet, amount }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('move' as const), from: wallet, to: wallet, amount }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hold' as const), of: wallet, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(),
      to: wallet,
      amount: fc.nat(130),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reverse' as const), which: fc.nat() }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Does a step and says what paper expects of it: an error's code, or that it is done. */
function expectationOf(paper: Paper, ids: readonly string[], world: string, given: Step) {
  const refOf = (index: number) => (index < 0 ? world : (ids[index] ?? ''))
  const moving = (from: number, to: number, units: number) => ({
    expected:
      from === to
        ? 'ledger.same_account'
        : paper.available(from) < units
          ? 'ledger.insufficient_funds'
          : 'done',
    act: async (tx: TxCtx) => {
      const posting = { debit: refOf(from), credit: refOf(to), amount: usd(units) }
      const { transaction } = await post(tx, {
        idemKey: randomUUID(),
        reason: 'test.moved',
        postings: [posting],
      })
      return () => {
        paper.move(from, to, units)
        paper.moves.push({ id: transaction.id, from, to, amount: units, isReversed: false })
      }
    },
  })
  switch (given.kind) {
    case 'grant':
      return moving(-1, given.to, given.amount)
    case 'move':
      return moving(given.from, given.to, given.amount)
    case 'hold':
      return {
        expected: paper.available(given.of) < given.amount ? 'ledger.insufficient_funds' : 'done',
        act: async (tx: TxCtx) => {
          const { hold } = await openHold(tx, {
            account: refOf(given.of),
            amount: usd(given.amount),
            idemKey: randomUUID(),
            expiresAt: new Date(Date.now() + 600_000),
          })
          return () => {
            paper.hold(given.of, given.amount)
            paper.holds.push({ id: hold.id, of: given.of, amount: given.amount, end: 'open' })
          }
        },
      }
    case 'release': {
      const hold = paper.holds[given.which % paper.holds.length]
      if (!hold) return null
      return {
        expected: 'done',
        act: async (tx: TxCtx) => {
          await releaseHold(tx, hold.id)
          return () => {
            if (hold.end !== 'open') return
            hold.end = 'released'
            paper.hold(hold.of, -hold.amount)
          }
        },
      }
    }
    case 'settle': {
      const hold = paper.holds[given.which % paper.holds.length]
      if (!hold || hold.of === given.to) return null
      const isAgain = hold.end === `settled ${given.amount}`
      return {
        expected: isAgain
          ? 'done'
          : hold.end === 'released'
            ? 'ledger.hold_ended'
            : hold.end !== 'open'
              ? 'ledger.settled_differently'
              : given.amount > hold.amount
                ? 'ledger.more_than_held'
                : 'done',
        act: async (tx: TxCtx) => {
          await settleHold(tx, hold.id, {
            amount: usd(given.amount),
            to: refOf(given.to),
            reason: 'test.used',
          })
          return () => {
            if (isAgain) return
            hold.end = `settled ${given.amount}`
            paper.hold(hold.of, -hold.amount)
            paper.move(hold.of, given.to, given.amount)
          }
        },
      }
    }
    case 'reverse': {
      const made = paper.moves[given.which % paper.moves.length]
      if (!made) return null
      return {
        expected:
          !made.isReversed && paper.available(made.to) < made.amount
            ? 'ledger.insufficient_funds'
            : 'done',
        act: async (tx: TxCtx) => {
          const { isReplay } = await reverse(tx, made.id, { reason: 'test.undone' })
          if (isReplay !== made.isReversed) throw new Error('it was reversed twice, or not at all')
          return () => {
            if (made.isReversed) return
            made.isReversed = true
            paper.move(made.to, made.from, made.amount)
          }
        },
      }
    }
  }
}

test('M9: any steps in any order do what a ledger on paper does, and all that must be true is after each', async () => {
  const world = await accountOf(server, chart.world('USD'))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const paper = new Paper()
      const ids = await Promise.all(paper.balances.map(() => givenFunds(server, 0)))
      for (const given of steps) {
        const next = expectationOf(paper, ids, world, given)
        if (!next) continue
        const ended = await server
          .ctx()
          .tx(next.act)
          .then(
            (write) => {
              write()
              return 'done'
            },
            (error: { code?: string }) => error.code,
          )
        expect(ended, JSON.stringify(given)).toBe(next.expected)
        await expectTrue(server)
      }
      for (const [index, id] of ids.entries()) {
        const { balance, held } = (await getBalance(server.ctx(), id)).balance
        expect({ balance, held }).toEqual({
          balance: BigInt(paper.balances[index] ?? 0),
          held: BigInt(paper.held[index] ?? 0),
        })
      }
    }),
    { numRuns: rounds * 2, endOnFailure: true },
  )
})

test('M9: two processes that are killed with SIGKILL at any moment leave the ledger true', async () => {
  const wallets: string[] = []
  for (let index = 0; index < 5; index += 1) wallets.push(await givenFunds(server, 1000))
  const committed = new Set<string>()
  for (let round = 0; round < 3; round += 1) {
    const children = await together(2, () => startWriter(wallets, committed))
    // Some commits later, and in the midst of others.
    const target = committed.size + 10 + Math.random() * 20
    await eventually(async () => committed.size >= target)
    await pause(Math.random() * 20)
    for (const child of children) {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      expect(await exit).toEqual([null, 'SIGKILL'])
      await expectTrue(server)
    }
  }
  const rows = await query<{ key: string }>(
    server,
    'select idem_key as key from ledger_transactions where idem_key = any($1)',
    [[...committed]],
  )
  expect(committed.size).toBeGreaterThan(20)
  expect(rows).toHaveLength(committed.size)
  let sum = 0n
  for (const id of wallets) sum += await balanceIn(server, id)
  expect(sum).toBe(5000n)

  // What the dead had promised comes back.
  await expireHolds.run(server.ctx(), { scheduledFor: '' }, new AbortController().signal)
  for (const id of wallets) expect((await getBalance(server.ctx(), id)).balance.held, id).toBe(0n)
  await expectTrue(server)
})

test.each(['after_lock', 'after_transaction', 'after_postings'])(
  'M9: a process that dies at ledger.%s, with others in their midst, leaves nothing half done',
  async (place) => {
    const wallets: string[] = []
    for (let index = 0; index < 3; index += 1) wallets.push(await givenFunds(server, 1000))
    const committed = new Set<string>()
    const pass = 5 + Math.floor(Math.random() * 20)
    const child = await startWriter(wallets, committed, `ledger.${place}:${pass}`)
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL')
    await expectTrue(server)
    const rows = await query(server, 'select 1 from ledger_transactions where idem_key = any($1)', [
      [...committed],
    ])
    expect(rows).toHaveLength(committed.size)
    let sum = 0n
    for (const id of wallets) sum += await balanceIn(server, id)
    expect(sum).toBe(3000n)
  },
)

async function startWriter(
  wallets: readonly string[],
  committed: Set<string>,
  crash?: string,
): Promise<ChildProcess> {
  const { settings, location } = server
  const child = fork(new URL('testing-worker.ts', import.meta.url), [wallets.join(',')], {
    env: {
      NODE_ENV: 'test',
      SECRET_KEY: settings.secretKey,
      DATABASE_URL: location.appUrl,
      DATABASE_OWNER_URL: location.ownerUrl,
      ASHLAR_DATA_DIR: settings.ashlarDataDir,
      ...(crash === undefined ? {} : { ASHLAR_CRASH: crash }),
    },
  })
  child.on('message', (message: 'ready' | { committed: string }) => {
    if (message !== 'ready') committed.add(message.committed)
  })
  await once(child, 'message')
  return child
}
