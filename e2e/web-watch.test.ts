/** The console's screens about what happens and about the system, in a real browser. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isBrowserHere } from './browser.ts'
import { type Person, post, register, signIn } from './person.ts'
import { type Product, type Visitor, givenAdmin, look, openProduct, signInAs } from './product.ts'
import { giveAuthenticator, showCode } from './web-people-parts.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
const secretKey = 'a secret that no screen shows: 0b6f2c7c1d'
let product: Product
let ada: Visitor
let admin: Person
let database: Client

beforeAll(async () => {
  const opened = await openProduct({
    SECRET_KEY: secretKey,
    MONITORING_FLUSH_INTERVAL: '1s',
    SLOW_REQUEST_MS: '1',
    // One wrong password is enough for an alert.
    ALERT_THRESHOLDS: 'failed_sign_in=1/10m',
  })
  if (opened === null) return
  product = opened
  database = new Client({ connectionString: product.ownerUrl })
  await database.connect()
  admin = await givenAdmin(product)
  ada = await product.visitor()
  await signInAs(ada, product, admin)
}, 300_000)

afterAll(async () => {
  await database?.end()
  await product?.stop()
})

const open = (path: string) => ada.page.goto(`${product.server.url}${path}`)
const heading = (name: string | RegExp) => ada.page.getByRole('heading', { level: 1, name })
const valueOf = (label: string) =>
  ada.page.getByRole('row').filter({ has: ada.page.getByRole('rowheader', { name: label }) })

async function eventually<T>(find: () => Promise<T | null | undefined>): Promise<T> {
  const until = Date.now() + 60_000
  for (;;) {
    const found = await find()
    if (found !== null && found !== undefined) return found
    if (Date.now() > until) throw new Error('it has not come to be')
    await pause(200)
  }
}

async function inGerman(path: string, name: string, picture: string): Promise<void> {
  await ada.page.evaluate('localStorage.setItem("ashlar.language", "de")')
  await open(path)
  await heading(name).waitFor()
  await look(ada, picture)
  await ada.page.evaluate('localStorage.setItem("ashlar.language", "en")')
}

test('home counts a sign-in that was just made, and leads to it', inBrowser, async () => {
  const { page } = ada
  await open('/admin')
  await heading('Home').waitFor()
  const figure = page.getByRole('link', { name: /^Sign-ins/ })
  const countOf = async () => Number(/\d+$/.exec((await figure.textContent()) ?? '')?.[0])
  await figure.waitFor()
  const before = await countOf()
  await signIn(product.server.url, admin)
  await page.reload()
  await figure.waitFor()
  expect(await countOf()).toBe(before + 1)
  await page.getByRole('img', { name: 'How long requests take' }).locator('svg').waitFor()
  await page.getByText('As a table').first().click()
  await look(ada, 'home')
  await page.getByText('7 days').click()
  await page.waitForURL(/window=7d/)
  await figure.click()
  await page
    .getByRole('link', { name: /2026|20\d\d/ })
    .first()
    .waitFor()
  expect(page.url()).toContain('action=auth.signed_in')
  await inGerman('/admin?window=24h', 'Übersicht', 'home-de')
})

test('an entry of the audit log shows what changed, before and after', inBrowser, async () => {
  const { page } = ada
  await open('/account')
  await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('Saved.').waitFor()
  await open('/admin/audit')
  await heading('Audit log').waitFor()
  await page.getByLabel('What', { exact: true }).fill('users.user_updated')
  await page.waitForURL(/action=users\.user_updated/)
  await page.getByRole('cell', { name: 'users.user_updated' }).first().click()
  await heading('users.user_updated').waitFor()
  const changed = page
    .getByRole('region', { name: 'What changed' })
    .getByRole('row', { name: /^name/ })
  await changed.getByText('Ada', { exact: true }).waitFor()
  await changed.getByText('Ada Lovelace', { exact: true }).waitFor()
  await look(ada, 'audit-entry')
  await page.getByRole('link', { name: 'Everything around it' }).click()
  await page.getByRole('link', { name: 'users.user_updated' }).waitFor()
  await look(ada, 'trace')
  const { rows } = await database.query(
    `select request_id from platform_events where name = 'users.user_updated'`,
  )
  expect(new URL(page.url()).pathname).toBe(`/admin/trace/${rows[0]?.request_id}`)
})

test(
  'the log says that it is whole when it is asked, and is taken away as a file',
  inBrowser,
  async () => {
    const { page } = ada
    await open('/admin/audit?room=users')
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.getByText('It is whole', { exact: true }).waitFor()
    await look(ada, 'audit')
    const { rows } = await database.query(
      `select data->>'isGood' as good from platform_events where name = 'audit.chain_verified' order by id desc limit 1`,
    )
    expect(rows.every(({ good }) => good !== 'false')).toBe(true)
    // Who has no authenticator takes no log away, and is told what to do.
    ada.expectRefusal('403 GET /api/v1/admin/audit-logs/export')
    await page.getByRole('button', { name: 'Export as NDJSON' }).click()
    const asked = page.getByRole('dialog', { name: 'This takes an authenticator' })
    await asked.getByRole('button', { name: 'Cancel' }).click()
    const secret = await giveAuthenticator(page, admin)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as NDJSON' }).click()
    await showCode(ada, secret)
    const stream = await (await download).createReadStream()
    const text = (await stream.toArray()).join('')
    const actions = text
      .trim()
      .split('\n')
      .map((line: string) => (JSON.parse(line) as { action: string }).action)
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => !action.startsWith('users.'))).toEqual([])
    await inGerman('/admin/audit', 'Protokoll', 'audit-de')
  },
)

test(
  'an address leads to everything around a person, an unknown id to a plain word',
  inBrowser,
  async () => {
    const { page } = ada
    await open('/admin/trace')
    await look(ada, 'trace-start')
    await page.getByLabel('Id or e-mail address').fill(admin.email)
    await page.keyboard.press('Enter')
    await page.getByText('A user', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Open the user' }).getAttribute('href')).toMatch(
      /^\/admin\/users\/[0-9a-f-]{36}$/,
    )
    const unknown = randomUUID()
    ada.expectRefusal(`404 GET /api/v1/admin/trace/${unknown}`)
    await open(`/admin/trace/${unknown}`)
    await page.getByText('Nothing is known under this id.').waitFor()
    await look(ada, 'trace-nothing')
  },
)

test('an alert is acknowledged, and everybody sees by whom and since when', inBrowser, async () => {
  const { page } = ada
  await failedSignIn()
  await open('/admin/alerts?status=open')
  await look(ada, 'alerts')
  await page.getByRole('link', { name: 'Failed sign-ins' }).click()
  await heading('Failed sign-ins').waitFor()
  await page.getByRole('button', { name: 'I look after it' }).click()
  await page.getByLabel('Note').fill('It was a test')
  await page.getByRole('dialog').getByRole('button', { name: 'I look after it' }).click()
  await valueOf('Note').getByText('It was a test').waitFor()
  await look(ada, 'alert')
  const { rows } = await database.query(
    `select a.status, a.note, u.email, a.acknowledged_at from monitoring_alerts a
     join users_users u on u.id::text = a.acknowledged_by`,
  )
  expect(rows).toEqual([
    {
      status: 'acknowledged',
      note: 'It was a test',
      email: admin.email,
      acknowledged_at: expect.any(Date),
    },
  ])
  await page.getByRole('link', { name: 'Alerts', exact: true }).first().click()
  await heading('Alerts').waitFor()
  await inGerman('/admin/alerts', 'Alarme', 'alerts-de')
})

test('a threshold is changed and put back', inBrowser, async () => {
  const { page } = ada
  await open('/admin/thresholds')
  await page.getByRole('link', { name: 'Failures of our own' }).waitFor()
  await look(ada, 'thresholds')
  await page.getByRole('link', { name: 'Wrong second factors' }).click()
  await page.getByLabel('Events').fill('7')
  await page.getByLabel('From many sources').fill('21')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. It holds from now on.').waitFor()
  const stored = async () => {
    const { rows } = await database.query(
      `select threshold, total_threshold, window_seconds from monitoring_thresholds where type = 'failed_second_factor'`,
    )
    return rows[0] ?? null
  }
  expect(await stored()).toEqual({ threshold: 7, total_threshold: 21, window_seconds: 600 })
  await look(ada, 'threshold')
  await confirm('Back to the default')
  await page.getByRole('button', { name: 'Back to the default' }).waitFor({ state: 'hidden' })
  expect(await stored()).toBeNull()
  expect(await page.getByLabel('Events').inputValue()).toBe('10')
})

test(
  'what was tried, and how long requests took, is shown by where it came from',
  inBrowser,
  async () => {
    const { page } = ada
    await failedSignIn()
    await open('/admin/security-events?window=24h')
    await heading('Security events').waitFor()
    await page.getByRole('cell', { name: 'Failed sign-ins' }).first().waitFor()
    await look(ada, 'security-events')
    await open('/admin/performance?sort=-count')
    const route = page.getByRole('link', { name: /^GET \/api\/v1\/auth\/session/ })
    await route.waitFor()
    const counts = await page.locator('tbody td:nth-child(2)').allTextContents()
    const numbers = counts
      .filter((text) => /^[\d,]+$/.test(text))
      .map((text) => Number(text.replace(',', '')))
    expect(numbers.length).toBeGreaterThan(3)
    expect(numbers).toEqual(numbers.toSorted((one, another) => another - one))
    await look(ada, 'performance')
    await route.click()
    await page.waitForURL(/performance\/slow\?route=/)
    await heading('Slow requests').waitFor()
    await look(ada, 'slow-requests')
    await inGerman('/admin/performance', 'Geschwindigkeit', 'performance-de')
  },
)

test('a dead job is run again from the console, and succeeds', inBrowser, async () => {
  const { page } = ada
  const name = 'audit.seal'
  await database.query('alter table platform_event_seals rename to seals_that_are_gone')
  const id = await enqueue(name)
  await open(`/admin/jobs/${id}`)
  await valueOf('State').getByText('Dead letter').waitFor({ timeout: 60_000 })
  await database.query('alter table seals_that_are_gone rename to platform_event_seals')
  await page.getByRole('region', { name: 'What went wrong' }).waitFor()
  await look(ada, 'job')
  await open('/admin/jobs')
  await heading('Jobs').waitFor()
  await look(ada, 'jobs')
  await page.getByRole('link', { name: 'Dead letters', exact: true }).click()
  await page.waitForURL(/state=failed/)
  await page.locator(`a[href="/admin/jobs/${id}"]`).click()
  await heading(name).waitFor()
  await confirm('Run again')
  await valueOf('State').getByText('Done', { exact: true }).waitFor({ timeout: 60_000 })
  const { rows } = await database.query(
    `select count(*)::int as count from platform_events where name = 'jobs.retried' and subject_id = $1`,
    [id],
  )
  expect(rows).toEqual([{ count: 1 }])
  await inGerman('/admin/jobs', 'Aufträge', 'jobs-de')
})

test('a dead job is thrown away for a reason, which stays', inBrowser, async () => {
  const { page } = ada
  const id = await enqueue('reconciliation.run', { runId: 'nobody' })
  await open(`/admin/jobs/${id}`)
  await valueOf('State').getByText('Dead letter').waitFor({ timeout: 60_000 })
  // Asked for once more before the screen is left.
  ada.expectRefusal(`404 GET /api/v1/admin/jobs/${id}`)
  await page.getByRole('button', { name: 'Throw away' }).click()
  await page.getByLabel('Reason').fill('Its run is over')
  await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click()
  await page.waitForURL(/\/admin\/jobs$/)
  const { rows } = await database.query(
    `select d.personal from platform_event_details d join platform_events e on e.id = d.event_id
     where e.name = 'jobs.discarded' and e.subject_id = $1`,
    [id],
  )
  expect(rows).toEqual([{ personal: { reason: 'Its run is over' } }])
})

test('what the clock starts is started by hand', inBrowser, async () => {
  const { page } = ada
  const name = 'impersonation.forget_impersonations'
  await open('/admin/jobs/schedules')
  await page.getByRole('link', { name }).waitFor()
  await look(ada, 'schedules')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
  await row.getByRole('button', { name: 'Start now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start now' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await row.getByRole('link', { name, exact: true }).click()
  await page.waitForURL(/name=impersonation/)
  await page.getByRole('cell', { name: 'Done', exact: true }).first().waitFor({ timeout: 60_000 })
  const { rows } = await database.query(
    `select count(*)::int as count from platform_events where name = 'jobs.started_by_hand' and data::text like $1`,
    [`%${name}%`],
  )
  expect(rows).toEqual([{ count: 1 }])
})

test('a mail that went out is listed, and shown as its reader sees it', inBrowser, async () => {
  const { page } = ada
  const person = await register(product.server.url)
  await open('/admin/mail')
  await confirm('Send a test mail')
  await page.getByText(`Kept here for ${admin.email}`).waitFor()
  await look(ada, 'mails')
  await page.getByRole('link', { name: person.email }).first().click()
  await valueOf('To').getByText(person.email).waitFor()
  await page.getByRole('tab', { name: 'As text' }).click()
  await page.getByText('#token=').waitFor()
  await look(ada, 'mail')
  await page.getByRole('tab', { name: 'As it looks' }).click()
  const frame = page.frameLocator('iframe[title="As it looks"]')
  await frame
    .getByText(/confirm/i)
    .first()
    .waitFor()
  expect(ada.complaints()).toEqual([])
  await inGerman('/admin/mail', 'E-Mail', 'mails-de')
})

test('settings are found by name, and never show a secret', inBrowser, async () => {
  const { page } = ada
  await open('/admin/settings')
  await page.getByText('SECRET_KEY', { exact: true }).waitFor()
  expect(await page.content()).not.toContain(secretKey)
  await look(ada, 'settings')
  await page.getByLabel('Search', { exact: true }).fill('slow_request')
  await page.waitForURL(/search=slow_request/)
  await page.getByText('SLOW_REQUEST_MS', { exact: true }).waitFor()
  await page.getByText('SECRET_KEY', { exact: true }).waitFor({ state: 'hidden' })
  expect(
    await page.getByLabel('Search', { exact: true }).evaluate((field) => field.matches(':focus')),
  ).toBe(true)
  await inGerman('/admin/settings', 'Einstellungen', 'settings-de')
})

test('the navigation leads to the reference of the API', inBrowser, async () => {
  await open('/admin')
  const href = await ada.page.getByRole('link', { name: 'API reference' }).getAttribute('href')
  expect((await fetch(new URL(href ?? '', product.server.url))).status).toBe(200)
})

/** Puts a job where rooms put theirs; its id. */
async function enqueue(name: string, payload: object = { scheduledFor: new Date() }) {
  const id = randomUUID()
  const origin = { kind: 'system', id: 'test', onBehalfOf: null, requestId: `test-${id}` }
  await database.query(
    'insert into platform_job_outbox (id, name, payload, origin) values ($1, $2, $3, $4)',
    [id, name, payload, origin],
  )
  return id
}

/** With a wrong password, until it is counted: by the minute, here at once. */
async function failedSignIn(): Promise<void> {
  const body = { email: admin.email, password: 'not the right one' }
  expect((await post(product.server.url, '/api/v1/auth/login', body)).status).toBe(401)
  await eventually(async () => {
    await enqueue('monitoring.watch_facts')
    await pause(500)
    const { rows } = await database.query('select id from monitoring_alerts limit 1')
    return rows[0]
  })
}

/** Presses the button and the one of the same name in the dialog that says what will happen. */
async function confirm(name: string): Promise<void> {
  await ada.page.getByRole('button', { name }).click()
  const dialog = ada.page.getByRole('dialog')
  await dialog.getByRole('button', { name }).click()
  await dialog.waitFor({ state: 'hidden' })
}
