/** What is hard to guess, and for whom; and that asking holds nobody up. */
import { afterAll, describe, expect, test } from 'vitest'
import { createStrengthMeter } from './strength.ts'
import { openPasswordThread } from './thread.ts'

const measure = createStrengthMeter()
const names = ['margaret.hamilton', 'margaret', 'hamilton', 'Ashlar', 'ada']

test.each([
  'correct horse battery staple',
  'верная лошадь батарея скоба',
  'ashlar horse battery staple',
  'xk2 Hamilton vq9 wharf lintel',
])('%j is good', (password) => {
  expect(measure(password, names).score).toBeGreaterThanOrEqual(3)
})

test.each([
  'password123456789',
  'aaaaaaaaaaaaaaaa',
  'qwertyuiop1234567890',
  '123456789012345678901234567890',
  'iloveyouiloveyou',
  'p4ssw0rdP@$$w0rd',
])('%j is bad, and says why', (password) => {
  const strength = measure(password, [])
  expect(strength.score).toBeLessThan(3)
  expect(strength.warning).toEqual(expect.any(String))
  expect(strength.suggestions.length).toBeGreaterThan(0)
})

test.each([
  'Ashlar2026!!!',
  '4$hl4r2026!!!',
  'ralhsA2026!!!',
  'AshlarAshlarAshlar',
  'ashashlarlar2026!',
  'margaret.hamilton1!',
  'Hamilton-Margaret-1969',
  '!!!h4m1lt0n!!!2026',
])('%j is bad for who is called so, and not to be saved by digits', (password) => {
  const strength = measure(password, names)
  expect(strength.score).toBeLessThan(3)
  expect(strength.warning).toMatch(/personal/)
})

test.each(['supernatural', 'SUPERNATURAL', 'Qwerty123456', 'qw3rty123456', '1qaz2wsx3edc4rfv'])(
  '%j is on the list of common passwords, however it is written',
  (password) => {
    expect(measure(password, []).isCommon).toBe(true)
  },
)

test('what nobody uses is not on that list', () => {
  expect(measure('correct horse battery staple', []).isCommon).toBe(false)
})

test('odd characters are taken as they are', () => {
  for (const password of [
    '',
    'İİİİİİİİİİİİ',
    '🦊'.repeat(256),
    'ﬀﬀﬀﬀﬀﬀﬀ',
    '\ud83e',
    'ß'.repeat(12),
  ])
    expect(measure(password, [...names, 'İİİİ', '🦊🦊🦊🦊', 'ßßßß']).score).toBeLessThanOrEqual(4)
})

describe('the thread', () => {
  const thread = openPasswordThread()
  afterAll(() => thread.close())

  test('measures as the measure does', async () => {
    for (const password of ['correct horse battery staple', 'Ashlar2026!!!'])
      expect(await thread.measure(password, names)).toEqual(measure(password, names))
  })

  test('leaves the event loop free: other work is done while the worst passwords are measured', async () => {
    const worst = '4@8({[</369&#!1/|0$5+7%2@4'.repeat(9)
    let isDone = false
    let turns = 0
    const work = Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => thread.measure(`${index}${worst}`, names)),
    ).finally(() => {
      isDone = true
    })
    while (!isDone) {
      turns += 1
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const { status } of await work) expect(status).toBe('fulfilled')
    expect(turns).toBeGreaterThan(5)
  })

  test('refuses what is too much with 503, and goes on afterwards', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 150 }, () => thread.measure('abc', [])),
    )
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(49)
    for (const outcome of refused)
      expect(outcome).toMatchObject({ reason: { code: 'passwords.busy', status: 503 } })
    expect((await thread.measure('abc', [])).score).toBe(0)
  })

  test('that ends in the middle of its work refuses it, and is started again', async () => {
    const outcome = thread
      .compareBcrypt('x', `$2b$14$${'a'.repeat(53)}`)
      .catch((error: unknown) => error)
    await new Promise((resolve) => setImmediate(resolve))
    await thread.close()
    expect(await outcome).toMatchObject({ code: 'passwords.busy' })
    expect((await thread.measure('abc', [])).score).toBe(0)
  })

  test('compares bcrypt', async () => {
    const stored = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
    expect(await thread.compareBcrypt('U*U', stored)).toBe(true)
    expect(await thread.compareBcrypt('U*V', stored)).toBe(false)
    expect(await thread.compareBcrypt('U*U', 'nothing like a hash')).toBe(false)
  })
})
