/** Closing an account, having it back, and what is left of somebody afterwards: nothing. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { personalData, roomJobs } from '../../app/rooms.ts'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  countFacts,
  crowd,
  deliverMails,
  findChangeTokens,
  givenBrowser,
  givenMember,
  givenRegistration,
  query,
  rounds,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { codeOf, enrol } from '../twofa/testing.ts'
import { erase } from './erasures.ts'
import {
  dumpDatabase,
  dumpStorage,
  fetchExport,
  findRestoreTokens,
  mine,
  passGrace,
} from './testing.ts'

const server: Server = await startServer()
const restore = (token: unknown) => server.anonymous.post(`${api}/users/restore`, { token })
const refusal = { status: 400, body: { code: 'privacy.invalid_restore_link' } }
const factsOf = async (name: string, userId: string | null) =>
  (await server.facts()).filter((fact) => fact.name === name && fact.subjectId === userId)

/** What the clock does every ten minutes, and the jobs that it wants. */
async function eraseDue(): Promise<void> {
  const clock = roomJobs.find(({ name }) => name === 'privacy.erase_due')
  await clock?.run(server.ctx(), {} as never, new AbortController().signal)
  await deliverMails(server)
}

async function givenClosed() {
  const person = await givenMember(server, {
    username: `user${Date.now() % 1e9}${Math.floor(Math.random() * 1e4)}`,
  })
  const reply = await signIn(server, person.email)
  const client = bearerOf(server, reply.body.data.accessToken as string)
  const userId = reply.body.data.user.id as string
  expect(await client.delete(mine)).toMatchObject({
    status: 202,
    body: { data: { status: 'closed' } },
  })
  const token = (await findRestoreTokens(server, person.email)).at(-1) ?? ''
  return { ...person, client, userId, token }
}

describe('a closed account', () => {
  test('is signed out everywhere by every kind of credential, and nobody signs in', async () => {
    const person = await givenMember(server)
    const browser = await givenBrowser(server, person.email)
    const tokens = (await signIn(server, person.email)).body.data
    const client = bearerOf(server, tokens.accessToken as string)
    const key = (await client.post(`${api}/auth/api-keys`, { name: 'ci' })).body.data.key as string
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: person.email })
    expect((await client.delete(mine)).status).toBe(202)
    for (const each of [client, bearerOf(server, key), browser])
      expect((await each.get(mine)).status).toBe(401)
    const { refreshToken } = tokens
    expect((await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
    expect(await signIn(server, person.email)).toMatchObject({
      status: 401,
      body: { code: 'auth.invalid_credentials' },
    })
    await deliverMails(server)
    const subjects = (await server.mails(person.email)).map(({ subject }) => subject)
    expect(subjects.filter((subject) => subject.includes('new password'))).toEqual([])
    expect(subjects.at(-1)).toContain('is closed')
  })

  test('opens again by the mailed link, once; keys and devices are gone', async () => {
    const { email, token, userId } = await givenClosed()
    const page = await server.anonymous.get(`/restore-account?token=${token}`)
    expect(page.status).toBe(200)
    expect((await signIn(server, email)).status).toBe(401)
    expect(await restore(token)).toMatchObject({
      status: 200,
      body: { data: { status: 'restored' } },
    })
    expect(await restore(token)).toMatchObject(refusal)
    expect((await signIn(server, email)).status).toBe(200)
    expect(await factsOf('privacy.erasure_withdrawn', userId)).toHaveLength(1)
    await passGrace(server, userId)
    await eraseDue()
    expect((await signIn(server, email)).status).toBe(200)
    expect((await server.mails(email)).at(-1)?.subject).toContain('open again')
  })

  test('that was closed a second time has a link of its own; the first one stays dead', async () => {
    const { email, token } = await givenClosed()
    await restore(token)
    const client = bearerOf(server, (await signIn(server, email)).body.data.accessToken as string)
    expect((await client.delete(mine)).status).toBe(202)
    expect(await restore(token)).toMatchObject(refusal)
    const newer = (await findRestoreTokens(server, email)).at(-1)
    expect(newer).not.toBe(token)
    expect((await restore(newer)).status).toBe(200)
  })

  test('does not open by a guess, by a link of another kind, or when its time is over', async () => {
    const { token, userId } = await givenClosed()
    const { token: other } = await givenRegistration(server)
    for (const bad of [token.slice(0, -1), other, 'x', ''])
      expect(await restore(bad)).toMatchObject(refusal)
    await passGrace(server, userId)
    expect(await restore(token)).toMatchObject(refusal)
  })

  test('is closed once, however many ask at once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await server.as()
      const replies = await together(crowd, () => ada.delete(mine))
      expect(tally(replies)).toEqual({ 202: 1, 401: crowd - 1 })
      expect(await countFacts(server, 'privacy.erasure_requested', ada.userId)).toBe(1)
    }
  })

  test('is opened once by its link, however many use it at once', async () => {
    const { email, userId, token } = await givenClosed()
    let link = token
    for (let round = 0; round < rounds; round += 1) {
      const replies = await together(crowd, () => restore(link))
      expect(tally(replies)).toEqual({ 200: 1, 400: crowd - 1 })
      expect(await countFacts(server, 'privacy.erasure_withdrawn', userId)).toBe(round + 1)
      const { accessToken } = (await signIn(server, email)).body.data
      await bearerOf(server, accessToken).delete(mine)
      link = (await findRestoreTokens(server, email)).at(-1) ?? ''
    }
  })

  test('is opened or erased when both come as its time ends, never both', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { userId, token, email } = await givenClosed()
      // Its time ends in the midst of them.
      const [row] = await query<{ id: string }>(
        server,
        `update privacy_erasures set due_at = clock_timestamp() + interval '20 milliseconds'
         where user_id = $1 returning id`,
        [userId],
      )
      const race = await together(crowd, async (index) => {
        await pause(index * 2)
        return index % 2 ? restore(token) : erase(server.ctx(), personalData, row?.id ?? '')
      })
      const restored = race.filter((reply) => reply?.status === 200).length
      expect(restored).toBeLessThanOrEqual(1)
      await eraseDue()
      expect((await signIn(server, email)).status).toBe(restored ? 200 : 401)
      expect(await countFacts(server, 'privacy.user_erased', userId)).toBe(1 - restored)
    }
  })

  test('shows others that there was somebody, and no list shows it', async () => {
    const reader = await server.as()
    const { userId, username } = await givenClosed()
    expect(await reader.get(`${api}/users/${userId}`)).toMatchObject({
      status: 200,
      body: { data: { id: userId, deleted: true, name: null, username: null, email: null } },
    })
    expect((await reader.get(`${api}/users?search=${username}`)).body.data).toEqual([])
  })

  test('needs a factor shown lately, and is nobody else’s business', async () => {
    expect((await server.anonymous.delete(mine)).status).toBe(401)
    const ada = await server.as()
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
      [ada.userId],
    )
    await server.ctx().tx((tx) => tx.invalidate(`user:${ada.userId}`))
    expect(await ada.delete(mine)).toMatchObject({
      status: 403,
      body: { code: 'access.step_up_required' },
    })
    expect((await ada.get(mine)).status).toBe(200)
  })
})

test('the last super admin stays; of two who leave together one does', async () => {
  const own: Server = await startServer()
  for (let round = 0; round < rounds; round += 1) {
    await query(own, `delete from access_grants where role = 'super_admin'`)
    const [one, two] = [await own.as('super_admin'), await own.as('super_admin')]
    const replies = await together(crowd, (index) => (index % 2 ? one : two).delete(mine))
    expect(tally(replies)).toEqual({ 202: 1, 401: crowd / 2 - 1, 409: crowd / 2 })
    const left = (await one.get(mine)).status === 200 ? one : two
    expect(await left.delete(mine)).toMatchObject({
      status: 409,
      body: { code: 'privacy.last_super_admin' },
    })
    expect((await left.get(mine)).status).toBe(200)
  }
  expect(own.failures).toEqual([])
})

describe('erasure', () => {
  test('leaves nothing of a person who has used everything, in no table and no file', async () => {
    const canary = 'canary7f3a'
    const headers = { 'user-agent': `${canary}-browser/1.0`, 'x-forwarded-for': '203.0.113.77' }
    const behind: Server = await startServer({ environment: { TRUSTED_PROXIES: '127.0.0.1' } })
    const email = `${canary}@example.com`
    await behind.anonymous.post(
      `${api}/auth/register`,
      { email, password: goodPassword, name: `${canary} name`, username: canary },
      headers,
    )
    await deliverMails(behind)
    const [mail] = await behind.mails(email)
    const token = /verify-email#token=([\w.-]+)/.exec(mail?.text ?? '')?.[1]
    await behind.anonymous.post(`${api}/auth/verify-email`, { token }, headers)
    await behind.anonymous.post(
      `${api}/auth/login`,
      { email, password: `${canary} wrong` },
      headers,
    )
    const login = { email, password: goodPassword, mode: 'token' }
    const signedIn = await behind.anonymous.post(`${api}/auth/login`, login, headers)
    const userId = signedIn.body.data.user.id as string
    const ada = behind.clientWith(userId, {
      authorization: `Bearer ${signedIn.body.data.accessToken as string}`,
      ...headers,
    })
    await ada.patch(mine, {
      bio: `${canary} bio`,
      avatar: `https://${canary}.example.com/a.png`,
      privacy: { profile: 'public', email: 'public' },
    })
    await ada.post(`${api}/auth/api-keys`, { name: `${canary} key` }, { 'idempotency-key': canary })
    const { secret } = await enrol(behind, ada)
    const held = await behind.anonymous.post(`${api}/auth/login`, login, headers)
    await behind.anonymous.post(
      `${api}/auth/login/verify-2fa`,
      { pendingToken: held.body.data.pendingToken, code: codeOf(secret), trustDevice: true },
      headers,
    )
    await ada.post(`${api}/auth/step-up`, { code: '000000' })
    await behind.anonymous.post(`${api}/auth/forgot-password`, { email }, headers)
    await behind.anonymous.post(`${api}/auth/resend-verification`, { email }, headers)
    const second = `${canary}-two@example.com`
    await ada.post(`${api}/auth/email-change`, { email: second })
    for (const address of [email, second])
      await behind.anonymous.post(`${api}/auth/email-change/confirm`, {
        token: (await findChangeTokens(behind, address))[0],
      })
    await ada.post(`${api}/auth/email-change`, { email: `${canary}-three@example.com` })
    await fetchExport(behind, ada)
    await ada.post(`${api}/auth/change-password`, {
      currentPassword: goodPassword,
      newPassword: 'wharf lintel copper gannet',
    })
    await deliverMails(behind)
    const traces = [canary, '203.0.113.77', secret]
    const before = (await dumpDatabase(behind)) + dumpStorage(behind)
    expect(before).toContain(canary)
    expect(before).toContain('203.0.113.77')

    expect((await ada.delete(mine)).status).toBe(202)
    await deliverMails(behind)
    await passGrace(behind, userId)
    const clock = roomJobs.find(({ name }) => name === 'privacy.erase_due')
    await clock?.run(behind.ctx(), {} as never, new AbortController().signal)
    expect(JSON.stringify(await behind.jobs())).not.toContain(canary)
    await deliverMails(behind)

    const after = `${await dumpDatabase(behind)}\n${dumpStorage(behind)}`.split('\n')
    // The limits count addresses for minutes, whoever is behind them.
    const left = after.filter((line) => !/platform_rate_limit/.test(line))
    for (const trace of traces)
      expect(left.filter((line) => line.includes(trace)).map((line) => line.slice(0, 200))).toEqual(
        [],
      )
    const facts = (await behind.facts()).filter(({ subjectId }) => subjectId === userId)
    expect(facts.map(({ name }) => name)).toContain('privacy.user_erased')
    expect(facts.length).toBeGreaterThan(8)
    expect((await behind.anonymous.get(`${api}/users/${userId}`)).body.data).toMatchObject({
      deleted: true,
      name: null,
    })
    expect(behind.failures).toEqual([])
  })

  test('goes on after a crash between any two rooms, and a second run changes nothing', async () => {
    for (const [index, room] of personalData.entries()) {
      const { userId, email } = await givenClosed()
      await passGrace(server, userId)
      const [row] = await query<{ id: string }>(
        server,
        'select id from privacy_erasures where user_id = $1',
        [userId],
      )
      const id = row?.id ?? ''
      const killed = personalData.with(index, {
        ...room,
        erase: async () => {
          throw new Error('killed')
        },
      })
      await expect(erase(server.ctx(), killed, id)).rejects.toThrow('killed')
      expect(await factsOf('privacy.user_erased', userId)).toEqual([])
      await eraseDue()
      expect(await factsOf('privacy.user_erased', userId)).toHaveLength(1)
      const rows = await dumpDatabase(server)
      expect(rows).not.toContain(email)
      await erase(server.ctx(), personalData, id)
      await eraseDue()
      expect(await factsOf('privacy.user_erased', userId)).toHaveLength(1)
    }
  })

  test('runs once for all, however many workers run it at once', async () => {
    const { userId } = await givenClosed()
    await passGrace(server, userId)
    const [row] = await query<{ id: string }>(
      server,
      'select id from privacy_erasures where user_id = $1',
      [userId],
    )
    await together(crowd, () => erase(server.ctx(), personalData, row?.id ?? ''))
    expect(await countFacts(server, 'privacy.user_erased', userId)).toBe(1)
  })

  test('does not come before its day', async () => {
    const { userId, token, email } = await givenClosed()
    await eraseDue()
    expect((await restore(token)).status).toBe(200)
    expect((await signIn(server, email)).status).toBe(200)
    expect(await factsOf('privacy.user_erased', userId)).toEqual([])
  })

  test('makes the address free: who signs up with it is somebody else, with no rights of before', async () => {
    const boss = await server.as('super_admin')
    await server.as('super_admin')
    expect((await boss.delete(mine)).status).toBe(202)
    await passGrace(server, boss.userId)
    await eraseDue()
    await givenMember(server, { email: boss.email })
    const again = (await signIn(server, boss.email)).body.data
    expect(again.user).toMatchObject({ roles: ['member'], name: null })
    expect(again.user.id).not.toBe(boss.userId)
    expect(
      await query(server, 'select 1 from access_grants where user_id = $1', [boss.userId]),
    ).toEqual([])
  })

  test('of somebody who wanted another’s address touches nothing of that other', async () => {
    const eve = await givenMember(server)
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: eve.email })
    const ada = await server.as()
    await ada.post(`${api}/auth/email-change`, { email: eve.email })
    const files = JSON.stringify(await fetchExport(server, ada))
    expect(files).not.toContain('password_reset')
    const before = await server.mails(eve.email)
    await ada.delete(mine)
    await passGrace(server, ada.userId)
    await eraseDue()
    expect(await server.mails(eve.email)).toEqual(before)
    expect((await signIn(server, eve.email)).status).toBe(200)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
