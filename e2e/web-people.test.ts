/** The console's screens about people, in a real browser. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isBrowserHere } from './browser.ts'
import { type Person, mailsTo, register } from './person.ts'
import { type Product, type Visitor, givenAdmin, look, openProduct, signInAs } from './product.ts'
import {
  acceptInvitation,
  fetchInside,
  giveAuthenticator,
  idOf,
  isSignedIn,
  showCode,
} from './web-people-parts.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
const helper = 'helper@example.com'
let product: Product
let ada: Visitor
let admin: Person
let secret: string
/** A member, and the window they have open. */
let member: Person & { readonly id: string }
let window: Visitor
/** Somebody of the support, invited below, and theirs. */
let support: Visitor

beforeAll(async () => {
  const opened = await openProduct()
  if (opened === null) return
  product = opened
  ada = await product.visitor()
  admin = await givenAdmin(product)
  await signInAs(ada, product, admin)
  const person = await register(product.server.url)
  member = { ...person, id: await idOf(product.server.url, person) }
  window = await product.visitor()
  await signInAs(window, product, member)
}, 300_000)

afterAll(() => product?.stop())

const open = (visitor: Visitor, path: string) => visitor.page.goto(`${product.server.url}${path}`)
const heading = ({ page }: Visitor, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true })
const navigation = ({ page }: Visitor) => page.getByRole('navigation', { name: 'Menu' })
const button = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true })
/** The button of the dialog that is open. */
const confirm = ({ page }: Visitor, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

test(
  'the list of users is found by its link, searched by address, and leads to the one',
  inBrowser,
  async () => {
    const { page } = ada
    await open(ada, '/admin/users')
    await look(ada, 'users')
    await page.getByRole('textbox', { name: 'Search' }).fill(member.email)
    await page.waitForURL(/search=/)
    await page.getByRole('link', { name: member.email }).click()
    await heading(ada, member.email).waitFor()
    await page.reload()
    await heading(ada, member.email).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/admin/users/${member.id}`)
  },
)

test('the keyboard alone finds somebody by the palette and opens them', inBrowser, async () => {
  const { page } = ada
  await open(ada, '/admin/users')
  await heading(ada, 'Users').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Search or go to…').waitFor()
  await look(ada, 'palette')
  await page.keyboard.type(member.email.slice(0, -4))
  await page.getByRole('dialog').getByText(member.email).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await heading(ada, member.email).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('service tok')
  await page.keyboard.press('Enter')
  await heading(ada, 'Service tokens').waitFor()
  expect(new URL(page.url()).pathname).toBe('/admin/service-tokens')
})

test(
  'what decides over an account tells an administrator without an authenticator what to do',
  inBrowser,
  async () => {
    const { page } = ada
    ada.expectRefusal(`403 POST /api/v1/admin/users/${member.id}/suspend`)
    await open(ada, `/admin/users/${member.id}?tab=danger`)
    await look(ada, 'user-danger')
    await button(ada, 'Suspend').click()
    await page.getByLabel('Reason').fill('spam')
    await confirm(ada, 'Suspend')
    const asked = page.getByRole('dialog', { name: 'This takes an authenticator' })
    await asked.getByText('Set one up in your account').waitFor()
    await look(ada, 'no-authenticator')
    await asked.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').getByText('code of your authenticator').waitFor()
    await page.reload()
    await heading(ada, member.email).waitFor()
    expect(await button(ada, 'Lift the suspension').count()).toBe(0)
  },
)

test(
  'a suspension asks for a code, ends the window that is open, and is lifted again',
  inBrowser,
  async () => {
    const { page } = ada
    secret = await giveAuthenticator(page, admin)
    for (const path of [`users/${member.id}`, `users/${member.id}/suspend`])
      for (const method of ['GET', 'POST']) ada.expectRefusal(`403 ${method} /api/v1/admin/${path}`)
    await open(ada, `/admin/users/${member.id}?tab=danger`)
    await page.getByRole('dialog', { name: 'A code of your authenticator, please' }).waitFor()
    await look(ada, 'elevation')
    await page.getByLabel('Code of the authenticator').fill('000 000')
    await button(ada, 'Go on').click()
    await page.getByText('This code was wrong').waitFor()
    await showCode(ada, secret)
    await button(ada, 'Suspend').click()
    await page.getByLabel('Reason').fill('spam')
    await confirm(ada, 'Suspend')
    await page.getByRole('heading', { name: 'This account is suspended' }).waitFor()
    await page.getByText('Suspended', { exact: true }).waitFor()

    window.expectRefusal('401 PATCH /api/v1/users/me')
    await window.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Max')
    await button(window, 'Save').first().click()
    await window.page.waitForURL(/sign-in/)
    expect(await isSignedIn(window)).toBe(false)

    await button(ada, 'Lift the suspension').click()
    await confirm(ada, 'Lift the suspension')
    await page.getByRole('heading', { name: 'Suspend this account' }).waitFor()
    await signInAs(window, product, member)
    await page.getByRole('tab', { name: 'Profile' }).click()
    await page.getByRole('cell', { name: 'spam' }).waitFor()
    await look(ada, 'user')
  },
)

test(
  'a session that an administrator ends is signed out where it is open, others go on',
  inBrowser,
  async () => {
    const other = await product.visitor()
    await signInAs(other, product, member)
    await open(ada, `/admin/users/${member.id}?tab=sessions`)
    await ada.page.getByRole('table').waitFor()
    await look(ada, 'user-sessions')
    const rows = ada.page.getByRole('row').filter({ has: button(ada, 'End') })
    const before = await rows.count()
    await rows.first().getByRole('button', { name: 'End' }).click()
    await confirm(ada, 'End')
    await expect.poll(() => rows.count()).toBe(before - 1)
    const windows = [window, other]
    const areOpen = await Promise.all(windows.map(isSignedIn))
    expect(areOpen.filter(Boolean)).toHaveLength(1)
    const ended = windows[areOpen.indexOf(false)] ?? other
    await open(ended, '/account')
    await ended.page.waitForURL(/sign-in/)
    if (ended === window) await signInAs(window, product, member)
    await other.page.context().close()
  },
)

test('somebody is invited to a role, accepts, and is seen to have', inBrowser, async () => {
  const { page } = ada
  await open(ada, '/admin/invitations')
  await page.getByRole('link', { name: 'Invite somebody' }).click()
  await heading(ada, 'Invite somebody').waitFor()
  await look(ada, 'invite')
  await page.getByLabel('E-mail address').fill(helper)
  await page.getByLabel('Role').first().click()
  await page.getByRole('option', { name: 'support', exact: true }).click()
  await page.getByLabel('Message').fill('We are glad that you come.')
  await button(ada, 'Send the invitation').click()
  await heading(ada, helper).waitFor()
  await look(ada, 'invitation')
  const person = await acceptInvitation(product.server.url, helper)
  support = await product.visitor()
  await signInAs(support, product, person)
  await page.reload()
  await page.getByText('accepted', { exact: true }).waitFor()
  expect(await button(ada, 'Take back').count()).toBe(0)
  await open(ada, '/admin/invitations?status=accepted')
  await page.getByRole('link', { name: helper }).first().waitFor()
  await look(ada, 'invitations')
})

test('an invitation that is taken back can be accepted no more', inBrowser, async () => {
  const { page } = ada
  const email = 'nobody@example.com'
  const body = { email, role: 'support' }
  expect((await fetchInside(page, 'POST', '/api/v1/invitations', body)).status).toBe(201)
  await mailsTo(product.server.url, email)
  await open(ada, '/admin/invitations?status=pending')
  await page.getByRole('link', { name: email }).click()
  await button(ada, 'Take back').click()
  await confirm(ada, 'Take back')
  await page.getByText('taken back', { exact: true }).waitFor()
  await expect(acceptInvitation(product.server.url, email)).rejects.toThrow('400')
})

test('support sees accounts, and nothing that it may not do', inBrowser, async () => {
  const { page } = support
  support.expectRefusal('403 GET /api/v1/roles')
  await open(support, `/admin/users/${member.id}`)
  await heading(support, member.email).waitFor()
  expect(await page.getByRole('tab', { name: 'Danger zone' }).count()).toBe(0)
  await page.getByRole('tab', { name: 'Roles' }).click()
  await page.getByRole('cell', { name: 'member' }).waitFor()
  expect(await button(support, 'Take away').count()).toBe(0)
  await look(support, 'user-of-support')
  for (const name of ['Roles', 'Invitations', 'Service tokens'])
    expect(await navigation(support).getByRole('link', { name, exact: true }).count()).toBe(0)
  await open(support, '/admin/roles')
  await page.getByText('It takes the permission access.read_roles').waitFor()
})

test(
  'a role that changes is felt in a window that is open, and nothing of another is overwritten',
  inBrowser,
  async () => {
    const { page } = ada
    const invitations = navigation(support).getByRole('link', { name: 'Invitations' })
    await open(support, '/admin/users')
    await heading(support, 'Users').waitFor()
    await open(ada, '/admin/roles/support')
    await look(ada, 'role')
    await page.getByRole('link', { name: 'Change' }).click()
    await page.getByRole('textbox', { name: 'Search', exact: true }).fill('invitations')
    await page.getByRole('checkbox', { name: 'invitations.manage' }).check()
    await look(ada, 'role-edit')
    await button(ada, 'Save').click()
    await heading(ada, 'support').waitFor()
    await page.getByText('invitations.manage').waitFor()
    // As if they had come back to the window.
    await support.page.evaluate(
      'document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))',
    )
    await invitations.waitFor()

    await open(ada, '/admin/roles/support/edit')
    await page.getByRole('checkbox', { name: 'invitations.manage' }).uncheck()
    const meanwhile = { description: 'Helps people.' }
    const changed = await fetchInside(page, 'PATCH', '/api/v1/roles/support', meanwhile)
    expect(changed.status).toBe(200)
    ada.expectRefusal('412 PATCH /api/v1/roles/support')
    await button(ada, 'Save').click()
    await page.getByText('Somebody has changed this role meanwhile').waitFor()
    await look(ada, 'role-outdated')
    await button(ada, 'Load as it is now').click()
    await page.getByText('Somebody has changed this role meanwhile').waitFor({ state: 'hidden' })
    await page.getByRole('checkbox', { name: 'invitations.manage' }).uncheck()
    await button(ada, 'Save').click()
    await heading(ada, 'support').waitFor()
    await page.getByText('Helps people.').waitFor()
    await support.page.evaluate(
      'document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))',
    )
    await invitations.waitFor({ state: 'hidden' })
  },
)

test('a role is made, given, seen, taken and deleted', inBrowser, async () => {
  const { page } = ada
  await open(ada, '/admin/roles')
  await look(ada, 'roles')
  await page.getByRole('link', { name: 'Make a role' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('greeter')
  await page.getByRole('textbox', { name: 'Search', exact: true }).fill('read_any')
  await page.getByRole('checkbox', { name: 'users.read_any' }).check()
  await look(ada, 'role-new')
  await button(ada, 'Make a role').click()
  await heading(ada, 'greeter').waitFor()

  await open(ada, `/admin/users/${member.id}?tab=roles`)
  await button(ada, 'Give a role').click()
  await page.getByRole('dialog').getByLabel('Role').first().click()
  await page.getByRole('option', { name: 'greeter' }).click()
  await confirm(ada, 'Give a role')
  await page.getByRole('cell', { name: 'greeter' }).waitFor()
  await look(ada, 'user-roles')

  await open(ada, `/admin/explain?user=${member.id}&permission=users.read_any`)
  await page.getByText('Yes, they may.').waitFor()
  await look(ada, 'explain')
  await open(ada, `/admin/roles/matrix?room=users`)
  await page.getByRole('columnheader', { name: 'greeter' }).waitFor()
  await look(ada, 'matrix')

  const row = page.getByRole('row').filter({ hasText: 'greeter' })
  await open(ada, `/admin/users/${member.id}?tab=roles`)
  await row.getByRole('button', { name: 'Take away' }).click()
  await confirm(ada, 'Take away')
  await row.waitFor({ state: 'hidden' })
  await open(ada, `/admin/explain?user=${member.id}&permission=users.read_any`)
  await page.getByText('No, they may not.').waitFor()
  await open(ada, '/admin/roles/greeter')
  await button(ada, 'Delete').click()
  await confirm(ada, 'Delete')
  await heading(ada, 'Roles').waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'greeter' }).count()).toBe(0)
})

test(
  'acting in an account is one window’s, ends, and is kept with both names',
  inBrowser,
  async () => {
    const acting = await ada.page.context().newPage()
    await acting.goto(`${product.server.url}/admin/users/${member.id}?tab=danger`)
    await acting.getByRole('button', { name: 'Act as them' }).click()
    await acting.getByLabel('Reason').fill('A question of theirs')
    await acting.getByRole('dialog').getByRole('button', { name: 'Act as them' }).click()
    await acting.waitForURL(/\/account/)
    await acting.getByText('Because: A question of theirs').waitFor()
    await acting.getByRole('textbox', { name: 'Name', exact: true }).fill('Maxine')
    await acting.getByRole('button', { name: 'Save', exact: true }).first().click()
    await acting.getByText('Saved.').waitFor()

    await open(ada, `/admin/users/${member.id}?tab=audit&entries=inTheirName`)
    const { page } = ada
    const entry = page.getByRole('row').filter({ hasText: 'users.user_updated' })
    await entry.getByRole('link', { name: 'Ada' }).waitFor()
    await heading(ada, 'Maxine').waitFor()
    await look(ada, 'user-audit')
    await open(ada, `/admin/users/${member.id}?tab=danger`)
    await page.getByRole('cell', { name: 'A question of theirs' }).waitFor()

    await acting.getByRole('button', { name: 'Stop acting' }).click()
    await acting.waitForURL(/\/admin/)
    await acting.getByRole('button', { name: 'Your account: Ada' }).waitFor()
    expect(await acting.getByText('Because: A question of theirs').count()).toBe(0)
    await acting.close()
  },
)

test('a token for a program is shown once, works, and is revoked', inBrowser, async () => {
  const { page } = ada
  await open(ada, '/admin/service-tokens')
  await page.getByRole('link', { name: 'Make a token' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('the shop')
  await page.getByLabel('Scopes').first().click()
  await page.getByRole('option', { name: 'admin.read_users' }).click()
  await page.keyboard.press('Escape')
  await look(ada, 'service-token-new')
  await button(ada, 'Make a token').click()
  const token = await page.getByRole('status').locator('code').textContent()
  const use = () =>
    fetch(`${product.server.url}/api/v1/admin/users`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    })
  expect((await use()).status).toBe(200)
  await page.getByRole('link', { name: 'To the list' }).click()
  await page.getByRole('cell', { name: 'the shop' }).waitFor()
  expect(await page.content()).not.toContain(token)
  await look(ada, 'service-tokens')
  await button(ada, 'Rotate').click()
  await confirm(ada, 'Rotate')
  await page.getByText('The token of the shop').waitFor()
  await button(ada, 'Revoke').click()
  await confirm(ada, 'Revoke')
  await page.getByText('No program has a token.').waitFor()
  expect((await use()).status).toBe(401)
})

const sayGerman = () => ada.page.evaluate('localStorage.setItem("ashlar.language", "de")')

/** Each screen by its own link; returns the language that the last one says it is in. */
async function lookAtAll(
  screens: Readonly<Record<string, readonly [path: string, title: string]>>,
): Promise<unknown> {
  for (const [name, [path, title]] of Object.entries(screens)) {
    await open(ada, path)
    await heading(ada, title).waitFor()
    await look(ada, `${name}-de`)
  }
  return ada.page.evaluate('document.documentElement.lang')
}

test('every screen about accounts speaks German', inBrowser, async () => {
  const user = `/admin/users/${member.id}`
  await sayGerman()
  expect(
    await lookAtAll({
      users: ['/admin/users', 'Benutzer'],
      user: [user, 'Maxine'],
      'user-sessions': [`${user}?tab=sessions`, 'Maxine'],
      'user-factors': [`${user}?tab=factors`, 'Maxine'],
      'user-keys': [`${user}?tab=keys`, 'Maxine'],
      'user-payments': [`${user}?tab=payments`, 'Maxine'],
      'user-danger': [`${user}?tab=danger`, 'Maxine'],
    }),
  ).toBe('de')
})

test('every other screen about people speaks German', inBrowser, async () => {
  await sayGerman()
  expect(
    await lookAtAll({
      invitations: ['/admin/invitations', 'Einladungen'],
      invite: ['/admin/invitations/new', 'Jemanden einladen'],
      roles: ['/admin/roles', 'Rollen'],
      role: ['/admin/roles/support', 'support'],
      matrix: ['/admin/roles/matrix', 'Rollen und Rechte'],
      routes: ['/admin/roles/matrix?tab=routes&room=users', 'Rollen und Rechte'],
      explain: ['/admin/explain', 'Warum erlaubt?'],
      'service-tokens': ['/admin/service-tokens', 'Dienst-Token'],
    }),
  ).toBe('de')
})
