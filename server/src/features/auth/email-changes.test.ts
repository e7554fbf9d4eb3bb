/** A changed address: both mailboxes agree, each may say no, and nobody learns who has an account. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  countFacts,
  crowd,
  deliverMails,
  findChangeTokens,
  findProofs,
  findResetTokens,
  givenMember,
  givenRegistration,
  me,
  newEmail,
  query,
  rounds,
  signIn,
  tally,
  together,
  visiblePartsOf,
} from './testing.ts'

const server: Server = await startServer()
const door = `${api}/auth/email-change`
const confirm = (token: unknown) => server.anonymous.post(`${door}/confirm`, { token })
const cancel = (token: unknown) => server.anonymous.post(`${door}/cancel`, { token })
const refusal = { status: 400, body: { code: 'auth.invalid_email_change' } }
const factsOf = async (name: string, userId: string | null) =>
  (await server.facts()).filter((fact) => fact.name === name && fact.subjectId === userId)
/** As if an hour had passed: as many mails as before may go to everybody. */
const letMailsPass = () => query(server, 'delete from auth_mail_requests')
const addressOf = async (userId: string | null) =>
  (
    await query<{ email: string }>(server, 'select email from users_users where id = $1', [userId])
  )[0]?.email

/** Somebody wants another address, and has the links of both mails. */
async function givenChange(wanted = newEmail()) {
  const ada = await server.as()
  expect(await ada.post(door, { email: wanted })).toMatchObject({ status: 202 })
  const [old] = await findChangeTokens(server, ada.email)
  const [fresh] = await findChangeTokens(server, wanted)
  if (!old || !fresh) throw new Error('a mail is missing')
  return { ada, wanted, old, fresh }
}

describe('an address', () => {
  test.each([
    ['old', 'new'],
    ['new', 'old'],
  ])('changes when the %s mailbox has agreed, and then the %s one', async (first) => {
    const { ada, wanted, old, fresh } = await givenChange()
    const [one, two] = first === 'old' ? [old, fresh] : [fresh, old]
    expect(await confirm(one)).toMatchObject({ status: 200, body: { data: { status: 'waiting' } } })
    expect(await addressOf(ada.userId)).toBe(ada.email)
    expect((await ada.get(door)).body.data).toMatchObject({
      newEmail: wanted,
      oldConfirmed: first === 'old',
      newConfirmed: first === 'new',
    })
    expect(await confirm(one)).toMatchObject(refusal)
    expect(await confirm(two)).toMatchObject({ status: 200, body: { data: { status: 'changed' } } })
    expect((await ada.get(me)).body.data).toMatchObject({ email: wanted, emailVerified: true })
    expect((await ada.get(door)).body).toEqual({ data: null })
    for (const token of [old, fresh]) {
      expect(await confirm(token)).toMatchObject(refusal)
      expect(await cancel(token)).toMatchObject(refusal)
    }
    expect((await signIn(server, wanted)).status).toBe(200)
    expect((await signIn(server, ada.email)).status).toBe(401)
    expect(await factsOf('auth.email_changed', ada.userId)).toHaveLength(1)
  })

  test('that changed is told to the old mailbox, with what to do; nothing of it is in a fact', async () => {
    const { ada, wanted, old, fresh } = await givenChange()
    await confirm(old)
    await confirm(fresh)
    await deliverMails(server)
    const [notice] = (await server.mails(ada.email)).slice(-1)
    expect(notice?.subject).toContain('was changed')
    expect(notice?.text).toContain(wanted)
    expect(notice?.text).toContain('set a new password')
    const facts = JSON.stringify(await server.facts())
    expect(facts).not.toContain(wanted)
    expect(facts).not.toContain(ada.email)
  })

  test('that changed ends other sessions, waiting links and codes; the session that asked goes on, and so do keys', async () => {
    const person = await givenMember(server)
    const asked = (await signIn(server, person.email)).body.data
    const other = (await signIn(server, person.email)).body.data
    const client = bearerOf(server, asked.accessToken as string)
    const key = (await client.post(`${api}/auth/api-keys`, { name: 'ci' })).body.data.key as string
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: person.email })
    const [reset] = await findResetTokens(server, person.email)
    const wanted = newEmail()
    await client.post(door, { email: wanted })
    await confirm((await findChangeTokens(server, person.email))[0])
    await confirm((await findChangeTokens(server, wanted))[0])
    expect((await client.get(me)).status).toBe(200)
    expect((await bearerOf(server, other.accessToken as string).get(me)).status).toBe(401)
    expect(
      (await server.anonymous.post(`${api}/auth/refresh`, { refreshToken: other.refreshToken }))
        .status,
    ).toBe(401)
    expect((await bearerOf(server, key).get(me)).status).toBe(200)
    const late = await server.anonymous.post(`${api}/auth/reset-password`, {
      token: reset,
      password: 'wharf lintel copper gannet',
    })
    expect(late).toMatchObject({ status: 400, body: { code: 'auth.invalid_reset_token' } })
    expect((await signIn(server, wanted)).status).toBe(200)
  })

  test('is not changed by opening the page, by half of a link, by a link of another kind or by a guess', async () => {
    const { ada, wanted, old, fresh } = await givenChange()
    for (const token of [old, fresh]) {
      const page = await server.anonymous.get(`/change-email?token=${token}`)
      expect(page.status).toBe(200)
      expect(page.text).not.toContain(token)
    }
    const { old: other } = await givenChange()
    const { token } = await givenRegistration(server)
    for (const bad of [
      old.slice(0, -1),
      `${other.split('.')[0]}.${old.split('.')[1]}`,
      token,
      'x',
      '',
    ])
      expect(await confirm(bad)).toMatchObject(refusal)
    for (const bad of [7, null, ['a']]) expect((await confirm(bad)).status).toBe(422)
    expect((await ada.get(door)).body.data).toMatchObject({
      newEmail: wanted,
      oldConfirmed: false,
      newConfirmed: false,
    })
  })

  test('waits for a day and no longer', async () => {
    const { ada, old, fresh } = await givenChange()
    await confirm(old)
    await query(server, `update auth_email_changes set expires_at = now() where user_id = $1`, [
      ada.userId,
    ])
    expect(await confirm(fresh)).toMatchObject(refusal)
    expect((await ada.get(door)).body).toEqual({ data: null })
    expect(await addressOf(ada.userId)).toBe(ada.email)
  })
})

describe('a change', () => {
  test.each(['old', 'new', 'owner'])('is called off by the %s mailbox or the owner', async (by) => {
    const { ada, old, fresh } = await givenChange()
    await confirm(by === 'new' ? old : fresh)
    const reply = by === 'owner' ? await ada.delete(door) : await cancel(by === 'old' ? old : fresh)
    expect(reply.status).toBe(by === 'owner' ? 204 : 200)
    for (const token of [old, fresh]) expect(await confirm(token)).toMatchObject(refusal)
    expect((await ada.delete(door)).status).toBe(404)
    expect(await addressOf(ada.userId)).toBe(ada.email)
    expect(await factsOf('auth.email_change_cancelled', ada.userId)).toMatchObject([
      { data: { by } },
    ])
  })

  test('that was asked for last is the one that counts', async () => {
    const { ada, old, fresh } = await givenChange()
    const wanted = newEmail()
    expect((await ada.post(door, { email: wanted })).status).toBe(202)
    for (const token of [old, fresh]) expect(await confirm(token)).toMatchObject(refusal)
    await confirm((await findChangeTokens(server, ada.email)).at(-1))
    await confirm((await findChangeTokens(server, wanted))[0])
    expect(await addressOf(ada.userId)).toBe(wanted)
  })

  test('asked for many times at once leaves one', async () => {
    const ada = await server.as()
    for (let round = 0; round < rounds; round += 1) {
      await letMailsPass()
      const wanted = Array.from({ length: crowd }, newEmail)
      const replies = await together(crowd, (index) => ada.post(door, { email: wanted[index] }))
      expect(tally(replies)).toEqual({ 202: crowd })
      const open = await query(
        server,
        'select 1 from auth_email_changes where user_id = $1 and ended_at is null',
        [ada.userId],
      )
      expect(open).toHaveLength(1)
      // Every change has its two mails, of which those that were replaced are not sent: it takes long to see that.
      if (round % 10 > 0) {
        await query(server, 'delete from platform_job_outbox')
        continue
      }
      await deliverMails(server)
      const mails = await query(
        server,
        'select 1 from platform_captured_mails where "to" = any($1)',
        [wanted],
      )
      expect(mails).toHaveLength(1)
    }
  })

  test('confirmed and called off at once ends once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { ada, wanted, old, fresh } = await givenChange()
      await confirm(old)
      const replies = await together(crowd, (index) => (index % 2 ? confirm(fresh) : cancel(fresh)))
      expect(tally(replies)).toEqual({ 200: 1, 400: crowd - 1 })
      const won = replies.find(({ status }) => status === 200)?.body.data.status
      expect(await addressOf(ada.userId)).toBe(won === 'changed' ? wanted : ada.email)
      const ends = [
        await countFacts(server, 'auth.email_changed', ada.userId),
        await countFacts(server, 'auth.email_change_cancelled', ada.userId),
      ]
      expect(ends.toSorted((a, b) => a - b)).toEqual([0, 1])
    }
  })

  test('needs a factor shown lately, a session, and an address that can be one', async () => {
    const ada = await server.as()
    expect((await server.anonymous.post(door, { email: newEmail() })).status).toBe(401)
    for (const email of ['not an address', `${'a'.repeat(300)}@example.com`, 'ａ@example.com'])
      expect((await ada.post(door, { email })).status).toBe(422)
    expect(await ada.post(door, { email: ada.email.toUpperCase() })).toMatchObject({
      status: 422,
      body: { code: 'auth.email_unchanged' },
    })
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
      [ada.userId],
    )
    await server.ctx().tx((tx) => tx.invalidate(`user:${ada.userId}`))
    expect(await ada.post(door, { email: newEmail() })).toMatchObject({
      status: 403,
      body: { code: 'access.step_up_required' },
    })
    await ada.post(`${api}/auth/step-up`, { password: goodPassword })
    expect((await ada.post(door, { email: newEmail() })).status).toBe(202)
  })

  test('of somebody else does not exist', async () => {
    const { old } = await givenChange()
    const eve = await server.as()
    expect((await eve.get(door)).body).toEqual({ data: null })
    expect((await eve.delete(door)).status).toBe(404)
    expect((await confirm(old)).status).toBe(200)
  })
})

describe('a taken address', () => {
  test('answers like a free one; its owner is told, and nobody else', async () => {
    const owner = await givenMember(server)
    const ada = await server.as()
    const taken = await ada.post(door, { email: owner.email })
    await ada.delete(door)
    const free = await ada.post(door, { email: newEmail() })
    const timeless = (reply: typeof taken) => {
      const { data } = reply.body
      const said = { ...data, newEmail: '', createdAt: '', expiresAt: '' }
      return visiblePartsOf({ ...reply, body: { data: said } })
    }
    const lengthless = ({ headers, ...rest }: ReturnType<typeof timeless>) => ({
      ...rest,
      headers: { ...headers, 'content-length': null, etag: null },
    })
    expect(lengthless(timeless(taken))).toEqual(lengthless(timeless(free)))
    await ada.post(door, { email: owner.email })
    expect(await findChangeTokens(server, owner.email)).toEqual([])
    const [, notice] = await server.mails(owner.email)
    expect(notice?.subject).toContain('was entered for another')
    expect(notice?.text).not.toContain(ada.email)
    const [old] = (await findChangeTokens(server, ada.email)).slice(-1)
    expect((await confirm(old)).body.data).toEqual({ status: 'waiting' })
    expect(await addressOf(ada.userId)).toBe(ada.email)
  })

  test('that somebody signed up with and never proved goes to who reads its mail', async () => {
    const squatter = await givenRegistration(server, { username: `squat${Date.now() % 1e9}` })
    const { ada, old, fresh } = await givenChange(squatter.email)
    await confirm(old)
    expect((await confirm(fresh)).body.data).toEqual({ status: 'changed' })
    expect(await addressOf(ada.userId)).toBe(squatter.email)
    const late = await server.anonymous.post(`${api}/auth/verify-email`, { token: squatter.token })
    expect(late.status).toBe(400)
    // The name is free again, too.
    expect((await ada.patch(me, { username: squatter.username })).status).toBe(200)
  })

  test('that was free when asked for and taken since is not taken twice', async () => {
    const { ada, wanted, old, fresh } = await givenChange()
    const { token } = await givenRegistration(server, { email: wanted })
    await server.anonymous.post(`${api}/auth/verify-email`, { token })
    await confirm(old)
    expect(await confirm(fresh)).toMatchObject(refusal)
    expect(await addressOf(ada.userId)).toBe(ada.email)
    expect((await ada.get(door)).body).toEqual({ data: null })
    expect(await factsOf('auth.email_change_refused', ada.userId)).toMatchObject([
      { outcome: 'refused', data: { reason: 'taken' } },
    ])
  })

  test('that many accounts proved at once belongs to one of them, and the others are told no', async () => {
    const people = await together(4, () => server.as())
    for (let round = 0; round < rounds; round += 1) {
      const wanted = newEmail()
      await letMailsPass()
      for (const person of people) await person.post(door, { email: wanted })
      for (const { userId } of people)
        await confirm((await findChangeTokens(server, (await addressOf(userId)) ?? '')).at(-1))
      const links = await findChangeTokens(server, wanted)
      expect(links).toHaveLength(people.length)
      const replies = await together(crowd, (index) => confirm(links[index % links.length]))
      expect(tally(replies)).toEqual({ 200: 1, 400: crowd - 1 })
      const holders = await query(server, 'select 1 from users_users where email = $1', [wanted])
      expect(holders).toHaveLength(1)
      for (const person of people) expect((await person.get(door)).body).toEqual({ data: null })
    }
  })
})

/** As `givenChange`, for an address that others want as well. */
async function givenChangeTo(wanted: string) {
  const ada = await server.as()
  await ada.post(door, { email: wanted })
  const [old] = await findChangeTokens(server, ada.email)
  const fresh = (await findChangeTokens(server, wanted)).at(-1)
  return { ada, old, fresh }
}

test('one address gets five mails an hour, however many accounts want it', async () => {
  const wanted = newEmail()
  for (let index = 0; index < 7; index += 1) await givenChangeTo(wanted)
  expect(await findChangeTokens(server, wanted)).toHaveLength(5)
})

test('a sign-up for an address that is about to change finds it taken until it has changed', async () => {
  const { ada, old, fresh } = await givenChange()
  await confirm(old)
  await confirm(fresh)
  const again = await givenRegistration(server, { email: ada.email })
  expect(await findProofs(server, ada.email)).toHaveLength(1)
  expect(
    (await server.anonymous.post(`${api}/auth/verify-email`, { token: again.token })).status,
  ).toBe(200)
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
