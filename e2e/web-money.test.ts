/** The console's screens about money, in a real browser, with the Stripe twin as the provider. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../server/src/app/testing.ts'
import { scales } from '../server/src/platform/money/assets.ts'
import { credits, digitsOf } from '../web/src/frame/amounts.ts'
import { currencies } from '../web/src/frame/currencies.ts'
import { isBrowserHere } from './browser.ts'
import { type Shop, openShop, startPayment } from './money-shop.ts'
import { type Person, post, register, signIn } from './person.ts'
import { type Visitor, givenAdmin, glance, look, signInAs } from './product.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
let shop: Shop
let ada: Visitor
let customer: Person
let buyer: Visitor

beforeAll(async () => {
  const opened = await openShop()
  if (opened === null) return
  shop = opened
  ada = await shop.product.visitor()
  await signInAs(ada, shop.product, await givenAdmin(shop.product))
  customer = await register(shop.product.server.url)
  buyer = await shop.product.visitor()
}, 300_000)

afterAll(() => shop?.stop())

const at = (path: string) => `${shop.product.server.url}${path}`
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor()
/** A named value of a detail. */
const fact = (page: Page, label: string) =>
  page.getByRole('row', { name: label }).getByRole('cell').first()

const stateOf = async (id: string) => {
  const [row] = await shop.query<{ state: string }>(
    'select state from payments_payments where id = $1',
    [id],
  )
  return row?.state
}

/** The customer pays on the provider's page, in their own browser. */
async function givenPaid(description: string, amount: string, currency = 'USD') {
  const started = await startPayment(shop, customer, { amount, currency, description })
  await buyer.page.goto(started.url)
  await buyer.page.getByRole('button', { name: /^Pay with visa,/ }).click()
  await buyer.page.waitForURL(/payment=/)
  await eventually(async () => (await stateOf(started.id)) === 'held')
  const [{ ref } = { ref: '' }] = await shop.query<{ ref: string }>(
    'select provider_ref as ref from payments_payments where id = $1',
    [started.id],
  )
  return { ...started, charge: await shop.chargeOf(ref) }
}

/** What the provider says that it gave back of a charge. */
const truthOf = (charge: string) => {
  const { platform, accounts } = shop.twin.truth()
  return accounts[platform]?.charges.find(({ id }) => id === charge)
}

test('amounts in a browser have as many digits as those of the API, in every currency', () => {
  expect([...currencies, credits].toSorted()).toEqual(Object.keys(scales).toSorted())
  for (const [asset, scale] of Object.entries(scales)) expect(digitsOf(asset), asset).toBe(scale)
})

test(
  'what a customer paid is seen, given back in part, and the same in both books',
  inBrowser,
  async () => {
    const { page } = ada
    const paid = await givenPaid('Two chairs', '12345')
    await givenPaid('A lamp from Jakarta', '15000000', 'IDR')
    await page.goto(at('/admin/payments'))
    await page
      .getByRole('cell', { name: /150,000\.00/ })
      .first()
      .waitFor()
    await look(ada, 'payments')
    // The API sorts, and the address says how: a reload shows the same.
    const price = page
      .getByRole('columnheader', { name: 'Price' })
      .getByRole('button', { name: 'Price' })
    await price.click()
    await page.waitForURL(/sort=price/)
    await price.click()
    await page.waitForURL(/sort=-price/)
    await page.reload()
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toMatch(/Two chairs/)
    await price.getByText('descending').waitFor({ state: 'attached' })
    await page.getByRole('combobox', { name: 'Currency' }).click()
    await page.getByRole('option', { name: 'USD' }).click()
    await page.waitForURL(/currency=USD/)
    await expect.poll(() => page.getByText('A lamp from Jakarta').count()).toBe(0)
    await page.getByRole('link', { name: 'Two chairs' }).click()
    await heading(page, 'Two chairs')
    await page.getByText('The money is here', { exact: true }).waitFor()
    await look(ada, 'payment')

    await page.getByRole('button', { name: 'Refund…' }).click()
    const dialog = page.getByRole('dialog')
    const amount = dialog.getByLabel('Amount (USD)')
    expect(await amount.inputValue()).toBe('123.45')
    await amount.fill('123.46')
    await dialog.getByRole('combobox', { name: 'Reason' }).fill('One chair came broken')
    await dialog.getByRole('button', { name: 'Refund', exact: true }).click()
    await dialog.getByText('At most US$123.45.').nth(1).waitFor()
    await look(ada, 'refund-too-much')
    expect(truthOf(paid.charge)?.refunded).toBe(0)

    await amount.fill('23.4')
    await dialog.getByRole('button', { name: 'Refund', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('The refund is made.').waitFor()
    expect(truthOf(paid.charge)).toMatchObject({ captured: 12345, refunded: 2340 })
    await expect.poll(() => fact(page, 'Can be refunded').textContent()).toBe('US$100.05')
    await page.getByText('The customer has the refund').waitFor()

    await page.getByRole('tab', { name: 'Attempts' }).click()
    await page.getByRole('cell', { name: 'On the provider’s page' }).waitFor()
    await look(ada, 'payment-attempts')
    await page.getByRole('tab', { name: 'Ledger' }).click()
    await page.getByRole('link', { name: 'refunds.succeeded' }).click()
    await heading(page, 'refunds.succeeded')
    await page.getByRole('link', { name: 'Refund on its way' }).waitFor()
    await look(ada, 'ledger-transaction')
    const [sum] = await shop.query<{ amount: string }>(
      `select sum(p.amount)::text as amount from ledger_postings p
       join ledger_transactions t on t.id = p.transaction_id
       where t.ref_id = $1 and t.reason = 'refunds.succeeded'`,
      [paid.id],
    )
    expect(sum?.amount).toBe('2340')

    await page.goto(at('/admin/refunds'))
    await look(ada, 'refunds')
    await page.getByRole('link', { name: /23\.40/ }).click()
    await heading(page, 'Refund of US$23.40')
    await expect.poll(() => fact(page, 'Reason').textContent()).toBe('One chair came broken')
    await page.reload()
    await heading(page, 'Refund of US$23.40')
    await look(ada, 'refund')
  },
)

test(
  'a comparison asked for in the console finds both books the same, and the ledger true to itself',
  inBrowser,
  async () => {
    const { page } = ada
    await shop.twin.quiet()
    await page.goto(at('/admin/reconciliation'))
    await page.getByText('Money may be paid out').waitFor()
    await page.getByRole('button', { name: 'Compare now…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Compare', exact: true }).click()
    await page.waitForURL(/reconciliation\/runs\//)
    await page.getByText('Nothing is left that is different.').waitFor()
    await look(ada, 'reconciliation-run')
    await page.goto(at('/admin/reconciliation'))
    await look(ada, 'reconciliation')

    await page.goto(at('/admin/ledger'))
    await look(ada, 'ledger')
    await page.getByRole('link', { name: 'At the payment provider' }).first().click()
    await heading(page, /^At the payment provider/)
    await page
      .getByRole('link', { name: 'Refund on its way' })
      .or(page.getByRole('link', { name: 'Escrow' }))
      .first()
      .waitFor()
    await look(ada, 'ledger-account')
    await page.getByLabel('Balance at a past time').fill('2020-01-01T00:00')
    await page.waitForURL(/at=20/)
    await expect.poll(() => fact(page, 'Balance').textContent()).toMatch(/^\D*0(?:\.00)?$/)
    await page.goto(at('/admin/ledger/transactions'))
    await look(ada, 'ledger-transactions')
    await page.getByRole('link', { name: 'Check', exact: true }).click()
    await page.getByText('The ledger is true to itself', { exact: true }).waitFor()
    await look(ada, 'ledger-check')
  },
)

test(
  'a difference is seen in its class, blocks payouts, and is accepted with a reason',
  inBrowser,
  async () => {
    const { page } = ada
    await shop.behind('balance_transactions', {
      amount: '500',
      currency: 'usd',
      type: 'adjustment',
    })
    await page.goto(at('/admin/reconciliation'))
    await page.getByRole('button', { name: 'Compare now…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByText('Something is different').waitFor()
    await look(ada, 'reconciliation-run-drift')
    await page.goto(at('/admin/reconciliation'))
    await page.getByText('No money is paid out until this is settled').waitFor()
    await page.goto(at('/admin/reconciliation/drifts?class=unposted'))
    await look(ada, 'reconciliation-drifts')
    await page.getByRole('link', { name: 'Not in the ledger' }).click()
    await heading(page, 'Not in the ledger')
    await page.getByRole('button', { name: 'Accept…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Why it may be so').fill('fine')
    await dialog.getByRole('button', { name: 'Accept…' }).click()
    await dialog.getByText('Please say a little more').waitFor()
    await dialog.getByLabel('Why it may be so').fill('A correction that Stripe has announced')
    await dialog.getByRole('button', { name: 'Accept…' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => fact(page, 'State').textContent()).toBe('Accepted')
    await look(ada, 'reconciliation-drift')
    await page.goto(at('/admin/reconciliation'))
    await page.getByText('Money may be paid out').waitFor()
  },
)

test(
  'an event that was given up is looked at again, and the payment is paid',
  inBrowser,
  async () => {
    const { page } = ada
    const started = await startPayment(shop, customer, {
      amount: '700',
      currency: 'USD',
      description: 'A cup',
    })
    shop.twin.faults.request({
      fault: 'error_before',
      on: 'GET /v1/payment_intents*',
      count: 10_000,
    })
    shop.twin.faults.request({ fault: 'error_before', on: 'GET /v1/checkout*', count: 10_000 })
    await buyer.page.goto(started.url)
    await buyer.page.getByRole('button', { name: /^Pay with visa,/ }).click()
    await buyer.page.waitForURL(/payment=/)
    const behind = async (condition: string) =>
      (await shop.query(`select 1 from inbox_objects where ${condition}`)).length > 0
    await eventually(() => behind(`problem = 'failed'`))
    await eventually(async () => {
      await shop.query(
        `update inbox_objects set troubled_since = now() - interval '73 hours' where problem = 'failed'`,
      )
      return behind('dead_at is not null')
    })
    await eventually(async () => !(await behind(`problem = 'failed' and dead_at is null`)))
    shop.twin.faults.clear()
    expect(await stateOf(started.id)).not.toBe('held')

    await page.goto(at('/admin/inbox'))
    await page.getByRole('link', { name: 'Only given up' }).click()
    await page.waitForURL(/state=dead/)
    const givenUp = page.getByRole('row').filter({ hasText: 'Given up' })
    await givenUp.getByRole('link', { name: 'payment_intent.succeeded' }).click()
    await heading(page, 'payment_intent.succeeded')
    await page.getByText('Given up', { exact: true }).waitFor()
    await look(ada, 'inbox-event')
    await page.getByRole('button', { name: 'Look at it again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Look at it again' }).click()
    await page.getByText('It is looked at again.').waitFor()
    await eventually(async () => (await stateOf(started.id)) === 'held')
    await page.reload()
    await expect.poll(() => fact(page, 'State').textContent()).toBe('Done')
    await page.goto(at('/admin/inbox'))
    await look(ada, 'inbox')
  },
)

test(
  'a dispute shows its deadline, freezes the payment, and is answered with evidence',
  inBrowser,
  async () => {
    const { page } = ada
    const paid = await givenPaid('A table', '5000')
    const dispute = await shop.behind('disputes', { charge: paid.charge })
    await eventually(async () => (await stateOf(paid.id)) === 'frozen')
    await page.goto(at(`/admin/payments/${paid.id}?tab=disputes`))
    await look(ada, 'payment-disputes')
    await page.getByRole('link', { name: /50\.00/ }).click()
    await heading(page, 'Dispute about US$50.00')
    await expect.poll(() => fact(page, 'Answer by').textContent()).toMatch(/in [67] days/)
    await look(ada, 'dispute')
    await page.getByLabel('Why the payment is right').fill('Signed for by the customer on Monday.')
    await page.getByRole('button', { name: 'Send to the bank' }).click()
    await page.getByText('This is needed.').waitFor()
    await page.getByLabel('I know that this can be sent only once').check()
    await page.getByRole('button', { name: 'Send to the bank' }).click()
    await expect.poll(() => fact(page, 'Evidence sent').textContent()).toBe('Yes')
    const [row] = await shop.query<{ state: string; has_evidence: boolean }>(
      'select state, has_evidence from disputes_disputes where provider_ref = $1',
      [dispute.id],
    )
    expect(row).toEqual({ state: 'under_review', has_evidence: true })

    const lost = await givenPaid('A sofa', '9000')
    await shop.behind('disputes', { charge: lost.charge })
    await eventually(async () => (await stateOf(lost.id)) === 'frozen')
    await page.goto(at('/admin/disputes?state=needs_response'))
    await look(ada, 'disputes')
    await page.getByRole('link', { name: /90\.00/ }).click()
    await page.getByRole('button', { name: 'Accept the dispute' }).click()
    await page.getByRole('dialog').getByText('The customer keeps US$90.00').waitFor()
    await look(ada, 'dispute-acceptance')
    await page.getByRole('dialog').getByRole('button', { name: 'Accept the dispute' }).click()
    await expect.poll(() => fact(page, 'State').textContent()).toBe('Lost')
    await eventually(async () => (await stateOf(lost.id)) === 'charged_back')
  },
)

test(
  'whoever only supports, and whoever only pays, sees no money of others',
  inBrowser,
  async () => {
    const member = await shop.product.visitor()
    const helper = await shop.product.visitor()
    const supporter = await register(shop.product.server.url)
    await shop.query(
      `insert into access_grants (user_id, role) select id, 'support' from users_users where email = $1`,
      [supporter.email],
    )
    await signInAs(member, shop.product, customer)
    await signInAs(helper, shop.product, supporter)
    for (const { page } of [member, helper])
      for (const place of [
        'payments',
        'refunds',
        'disputes',
        'ledger',
        'inbox',
        'reconciliation',
      ]) {
        await page.goto(at(`/admin/${place}`))
        await heading(page, 'You may not see this')
        expect(await page.getByText('Two chairs').count()).toBe(0)
        expect(
          await page.getByRole('navigation').getByRole('link', { name: 'Payments' }).count(),
        ).toBe(0)
      }
    expect([...member.complaints(), ...helper.complaints()]).toEqual([])
  },
)

test('money is shown in German, with the comma of the language', inBrowser, async () => {
  const greta = await shop.product.visitor('de-DE')
  const { page } = greta
  const finance = await register(shop.product.server.url)
  await shop.query(
    `insert into access_grants (user_id, role) select id, 'finance' from users_users where email = $1`,
    [finance.email],
  )
  const tokens = await signIn(shop.product.server.url, finance)
  const german = await fetch(at('/api/v1/users/me'), {
    method: 'PATCH',
    headers: { authorization: `Bearer ${tokens.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ locale: 'de' }),
  })
  expect(german.status).toBe(200)
  expect((await post(at(''), '/api/v1/auth/login', finance)).status).toBe(200)
  await page.goto(at('/sign-in'))
  await page.locator('input[autocomplete^=username]').fill(finance.email)
  await page.locator('input[type=password]').fill(finance.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/(?:account|admin)/)
  const places = [
    ['payments', 'Zahlungen'],
    ['payments/surplus', 'Doppelt bezahlt'],
    ['refunds', 'Erstattungen'],
    ['disputes', 'Reklamationen'],
    ['ledger', 'Hauptbuch'],
    ['ledger/transactions', 'Buchungen'],
    ['ledger/check', 'Prüfung'],
    ['inbox', 'Ereignisse des Anbieters'],
    ['reconciliation', 'Abgleich'],
    ['reconciliation/drifts', 'Abweichungen'],
  ] as const
  for (const [place, title] of places) {
    await page.goto(at(`/admin/${place}`))
    await heading(page, title)
    await glance(greta, `de-${place.replace('/', '-')}`)
  }
  await page.goto(at('/admin/payments'))
  await page.getByRole('link', { name: 'Two chairs' }).click()
  await page.getByRole('button', { name: 'Erstatten…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Betrag (USD)').fill('0,05')
  await dialog.getByRole('combobox', { name: 'Grund' }).fill('Der Kunde bat')
  await page.getByRole('option', { name: 'Der Kunde bat darum' }).click()
  await glance(greta, 'de-refund-form')
  await dialog.getByRole('button', { name: 'Erstatten', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(() => fact(page, 'Kann erstattet werden').textContent()).toMatch(/^100,00/)
  await glance(greta, 'de-payment')
  const [refund] = await shop.query<{ reason: string }>(
    'select reason from refunds_refunds where amount = 5',
  )
  expect(refund?.reason).toBe('requested_by_customer')
})
