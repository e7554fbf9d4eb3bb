/** The ledger from the command line: checked, with an exit code for scripts. */
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startServer, testDatabase } from '../server/src/app/testing.ts'
import { query } from '../server/src/features/auth/testing.ts'
import { givenFunds } from '../server/src/features/ledger/testing.ts'
import { dataDirectory, run } from './running.ts'

const directory = await dataDirectory()
afterAll(directory.remove)
const location = await testDatabase()
const server = await startServer({ location })
const environment = {
  ASHLAR_DATA_DIR: path.join(directory.path, 'data'),
  DATABASE_URL: location.appUrl,
  DATABASE_OWNER_URL: location.ownerUrl,
  SECRET_KEY: server.settings.secretKey,
}
const ashlar = (...args: string[]) => run(args, environment)

test('check says that all is true, and names what is not', async () => {
  const wallet = await givenFunds(server, 1000)
  const good = await ashlar('ledger', 'check')
  expect(good).toMatchObject({ code: 0, stderr: '' })
  expect(good.stdout).toMatch(/^The ledger is true to itself: 2 accounts, 1 postings\./)

  await query(
    server,
    `alter table ledger_accounts disable trigger user;
     update ledger_accounts set credits = 1005 where id = '${wallet}';
     alter table ledger_accounts enable trigger user`,
  )
  const bad = await ashlar('ledger', 'check')
  expect(bad.code).toBe(1)
  expect(bad.stdout).toContain(
    `I1 ${wallet}: expected 0 debited, 1000 credited, found 0 debited, 1005 credited`,
  )
  const json = await ashlar('ledger', 'check', '--json')
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    isGood: false,
    findings: [
      { invariant: 'I1', subject: wallet },
      { invariant: 'I2', subject: 'USD' },
    ],
  })
}, 300_000)
