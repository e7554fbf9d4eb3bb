/** Lock-out: guessing gets nowhere, tells nothing, and keeps nobody out of their own account for good. */
import { describe, expect, test } from 'vitest'
import { type Reply, goodPassword, startServer } from '../../app/testing.ts'
import { deviceCookie, preLoginCookie } from './cookies.ts'
import {
  api,
  cookieLinesOf,
  cookieOf,
  crowd,
  deliverMails,
  findResetTokens,
  givenMember,
  givenRegistration,
  givenVisitor,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server = await startServer()
const wrong = 'quite another password'
const guess = (login: string, headers: Record<string, string> = {}) =>
  signIn(server, login, { password: wrong, headers })
/** What a browser with this cookie sends from our sign-in page. */
async function fromPage(cookie: string): Promise<Record<string, string>> {
  const visitor = await givenVisitor(server)
  return {
    cookie: `${cookie}; ${preLoginCookie}=${visitor.cookie}`,
    origin: server.settings.publicUrl,
    'x-csrf-token': visitor.csrfToken,
  }
}
const lock = (login: string) => together(10, () => guess(login))
/** As if the lock had been set so long ago. */
const wait = (minutes: number) =>
  query(
    server,
    `update auth_sign_in_failures set locked_until = locked_until - make_interval(mins => $1)`,
    [minutes],
  )
const lockedMinutes = async (login: string) => {
  const [row] = await query<{ minutes: string | null; failures: number }>(
    server,
    `select f.failures, extract(epoch from f.locked_until - f.last_at) / 60 as minutes
     from auth_sign_in_failures f join users_users u on f.subject = 'user:' || u.id where u.email = $1`,
    [login],
  )
  return row ? { failures: row.failures, minutes: Number(row.minutes) } : null
}
const mailsAbout = async (email: string, subject: string) => {
  await deliverMails(server)
  return (await server.mails(email)).filter((mail) => mail.subject.includes(subject))
}

/** Signs in with a browser and keeps its device cookie. */
async function givenKnownBrowser(email: string) {
  const reply = await signIn(server, email, { mode: 'cookie' })
  expect(reply.status).toBe(200)
  const cookie = `${deviceCookie}=${cookieOf(reply, deviceCookie)}`
  return { cookie, headers: await fromPage(cookie), reply }
}

test('ten wrong passwords in a row, by whatever name, and the right one is refused for a minute', async () => {
  const { email } = await givenMember(server, { username: 'lovelace-1815' })
  await together(5, () => guess(email))
  await together(4, () => guess('Lovelace-1815'))
  expect((await signIn(server, email)).status).toBe(200)
  // The right one in between starts the row anew.
  await together(9, () => guess(email))
  expect((await signIn(server, email)).status).toBe(200)
  await lock(email)
  expect(await signIn(server, email)).toMatchObject({
    status: 401,
    body: { code: 'auth.invalid_credentials' },
  })
  expect((await signIn(server, 'lovelace-1815')).status).toBe(401)
  await wait(1)
  expect((await signIn(server, email)).status).toBe(200)
  expect(await lockedMinutes(email)).toBeNull()
})

test('each further wrong one doubles the wait, up to an hour; tries meanwhile change nothing', async () => {
  const { email } = await givenMember(server)
  await lock(email)
  const waits: number[] = []
  for (let round = 0; round < 9; round += 1) {
    await together(3, () => guess(email))
    const { minutes, failures } = (await lockedMinutes(email)) ?? { minutes: 0, failures: 0 }
    expect(failures).toBe(10 + round)
    waits.push(2 ** Math.round(Math.log2(minutes)))
    await wait(60)
    await guess(email)
  }
  expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32])
  const [row] = await query<{ longest: number }>(
    server,
    `select max(extract(epoch from locked_until - last_at)) as longest from auth_sign_in_failures
     where locked_until < now() + interval '2 hours'`,
  )
  expect(Number(row?.longest)).toBeLessThanOrEqual(3600)
})

test('after a hundred in a row no password is right any more, until a reset', async () => {
  const { email } = await givenMember(server)
  for (let failures = 0; failures < 100; failures += 10) {
    await query(server, 'update auth_sign_in_failures set locked_until = null')
    for (let index = 0; index < 10; index += 1) {
      await query(server, 'update auth_sign_in_failures set locked_until = null')
      await guess(email)
    }
  }
  await wait(60 * 24 * 365)
  expect((await signIn(server, email)).status).toBe(401)
  await server.anonymous.post(`${api}/auth/forgot-password`, { email })
  const token = (await findResetTokens(server, email)).at(-1)
  const password = 'an entirely fresh passphrase'
  const reset = await server.anonymous.post(`${api}/auth/reset-password`, { token, password })
  expect(reset.status).toBe(200)
  expect((await signIn(server, email, { password })).status).toBe(200)
})

test('a browser the owner has signed in from is not locked out with the account, and is counted for itself', async () => {
  const { email } = await givenMember(server)
  const { headers } = await givenKnownBrowser(email)
  await lock(email)
  expect((await signIn(server, email)).status).toBe(401)
  expect((await signIn(server, email, { headers })).status).toBe(200)
  // It does not open the door for the others.
  expect((await signIn(server, email)).status).toBe(401)
  // A thief of the browser guesses no more often than anybody.
  await together(10, () => guess(email, headers))
  expect((await signIn(server, email, { headers })).status).toBe(401)
})

test('another user’s device, or one made up, is nobody’s', async () => {
  const { email } = await givenMember(server)
  const other = await givenKnownBrowser((await givenMember(server)).email)
  await lock(email)
  for (const headers of [other.headers, await fromPage(`${deviceCookie}=ash_d_${'x'.repeat(43)}`)])
    expect((await signIn(server, email, { headers })).status).toBe(401)
})

test('of many guesses at once never more than ten are looked at', async () => {
  const { email } = await givenMember(server)
  for (let round = 0; round < rounds; round += 1) {
    await query(server, 'delete from auth_sign_in_failures')
    expect(tally(await together(crowd, () => guess(email)))).toEqual({ 401: crowd })
    expect((await lockedMinutes(email))?.failures).toBe(10)
    expect((await signIn(server, email)).status).toBe(401)
  }
})

describe('nobody learns whom they have locked out', () => {
  test('unknown, unverified, suspended and locked names answer alike, before and after', async () => {
    const [known, pending, suspended] = [
      await givenMember(server),
      await givenRegistration(server),
      await givenMember(server),
    ]
    await query(server, `update users_users set status = 'suspended' where email = $1`, [
      suspended.email,
    ])
    const nobody = newEmail()
    const answers: Reply[] = []
    for (const login of [known.email, pending.email, suspended.email, nobody, 'not@an@address']) {
      answers.push(...(await lock(login)))
      answers.push(await signIn(server, login))
    }
    const [first, ...others] = answers.map(visiblePartsOf)
    for (const other of others) expect(other).toEqual(first)
    const rows = await query<{ subject: string; failures: number }>(
      server,
      `select subject, failures from auth_sign_in_failures where subject like 'login:%'`,
    )
    expect(rows.length).toBeGreaterThanOrEqual(2)
    expect(JSON.stringify(rows)).not.toContain(nobody)
  })

  test('the owner is told once, and a name of nobody’s brings no mail', async () => {
    const { email } = await givenMember(server)
    await lock(email)
    await together(5, () => guess(email))
    await wait(1)
    await together(3, () => guess(email))
    // Wanted often, and sent once: jobs of one name and key have one effect.
    const wanted = await query<{ key: string }>(
      server,
      `select distinct key from platform_job_outbox where name = 'auth.send_sign_in_paused'
       and payload->>'userId' = (select id::text from users_users where email = $1)`,
      [email],
    )
    expect(wanted).toHaveLength(1)
    expect((await mailsAbout(email, 'Wrong passwords')).length).toBeGreaterThan(0)
    const nobody = newEmail()
    await lock(nobody)
    expect(await mailsAbout(nobody, '')).toHaveLength(0)
  })
})

describe('a new device', () => {
  test('is told to the owner by mail: not the first, and each once', async () => {
    const { email } = await givenMember(server)
    const first = await givenKnownBrowser(email)
    expect(await mailsAbout(email, 'New sign-in')).toHaveLength(0)
    await signIn(server, email, { mode: 'cookie', headers: first.headers })
    expect(await mailsAbout(email, 'New sign-in')).toHaveLength(0)
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
    const other = await signIn(server, email, {
      mode: 'cookie',
      headers: { 'user-agent': firefox },
    })
    const mails = await mailsAbout(email, 'New sign-in')
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toContain('Firefox on Linux')
    const headers = await fromPage(`${deviceCookie}=${cookieOf(other, deviceCookie)}`)
    expect((await signIn(server, email, { mode: 'cookie', headers })).status).toBe(200)
    expect(await mailsAbout(email, 'New sign-in')).toHaveLength(1)
  })

  test('programs have no cookie: one that looks as before, in the same network, is no news', async () => {
    const { email } = await givenMember(server)
    const agent = { 'user-agent': 'acme-sync/1.0' }
    await signIn(server, email, { headers: agent })
    await signIn(server, email, { headers: agent })
    expect(await mailsAbout(email, 'New sign-in')).toHaveLength(0)
    await signIn(server, email, { headers: { 'user-agent': 'other-sync/1.0' } })
    expect(await mailsAbout(email, 'New sign-in')).toHaveLength(1)
  })

  test('its cookie is a `__Host-` one, opens nothing, and lies hashed in the database', async () => {
    const { email } = await givenMember(server)
    const { cookie, reply } = await givenKnownBrowser(email)
    const line = cookieLinesOf(reply).get(deviceCookie) ?? ''
    for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      expect(line).toContain(flag)
    expect((await server.anonymous.get(`${api}/users/me`, { cookie })).status).toBe(401)
    const [dump] = await query<{ rows: string }>(
      server,
      `select string_agg(d::text, ' ') as rows from auth_known_devices d`,
    )
    expect(dump?.rows).not.toContain(cookie.split('=')[1])
  })

  test('a reset by mail forgets every device', async () => {
    const { email } = await givenMember(server)
    const { headers } = await givenKnownBrowser(email)
    await server.anonymous.post(`${api}/auth/forgot-password`, { email })
    const token = (await findResetTokens(server, email)).at(-1)
    await server.anonymous.post(`${api}/auth/reset-password`, { token, password: goodPassword })
    await lock(email)
    expect((await signIn(server, email, { headers })).status).toBe(401)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
