/** The console's screens about people, in a real browser. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isBrowserHere } from './browser.ts'
import { register } from './person.ts'
import { type Product, type Visitor, givenAdmin, look, openProduct, signInAs } from './product.ts'

const inBrowser = { timeout: 300_000, skip: !isBrowserHere }
let product: Product
let ada: Visitor

beforeAll(async () => {
  const opened = await openProduct()
  if (opened === null) return
  product = opened
  ada = await product.visitor()
  await signInAs(ada, product, await givenAdmin(product))
}, 300_000)

afterAll(() => product?.stop())

test(
  'the list of users is found by its link, searched by address, and leads to the one',
  inBrowser,
  async () => {
    const person = await register(product.server.url)
    const { page } = ada
    await page.goto(`${product.server.url}/admin/users`)
    await look(ada, 'users')
    await page.getByLabel('Search').fill(person.email)
    await page.waitForURL(/search=/)
    await page.getByRole('link', { name: person.email }).click()
    await page.getByRole('heading', { level: 1, name: person.email }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: person.email }).waitFor()
    await look(ada, 'user')
    expect(new URL(page.url()).pathname).toMatch(/^\/admin\/users\/[0-9a-f-]{36}$/)
  },
)
