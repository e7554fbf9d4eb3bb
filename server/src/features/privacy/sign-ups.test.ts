/** Sign-ups that nobody has proven are forgotten, and whoever signs up again with a closed account's address is told of the way back. */
import { describe, expect, test } from 'vitest'
import { roomJobs } from '../../app/rooms.ts'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  deliverMails,
  findProofs,
  givenMember,
  givenRegistration,
  newEmail,
  query,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { dumpDatabase, dumpStorage, findRestoreTokens, mine, passGrace } from './testing.ts'

const server: Server = await startServer()
const register = (email: string) =>
  server.anonymous.post(`${api}/auth/register`, { email, password: goodPassword })
const runJob = async (name: string) => {
  const job = roomJobs.find((each) => each.name === name)
  await job?.run(server.ctx(), {} as never, new AbortController().signal)
}
const forget = async () => {
  await runJob('privacy.erase_unproven')
  await deliverMails(server)
}
const usersWith = (email: string) =>
  query<{ id: string; status: string }>(
    server,
    'select id, status from users_users where email = $1',
    [email],
  )
/** As if it had been made, and its mail had expired, so many days ago. */
const age = async (email: string, days: number) => {
  await query(
    server,
    `update users_users set updated_at = now() - make_interval(days => $2),
       created_at = now() - make_interval(days => $2) where email = $1`,
    [email, days],
  )
  await query(
    server,
    `update auth_verifications set expires_at = now() - interval '1 day' where email = $1`,
    [email],
  )
}

describe('a sign-up that nobody has proven', () => {
  test('is erased after 30 days with all that it owns, and its address is free', async () => {
    const email = `canary-${newEmail()}`
    const { username, name } = { username: 'canary_of_a_sign_up', name: 'Canary Bird' }
    await givenRegistration(server, { email, username, name })
    await server.anonymous.post(`${api}/auth/resend-verification`, { email })
    await deliverMails(server)
    const [before] = await usersWith(email)
    await age(email, 31)
    await forget()

    const left = (await dumpDatabase(server)) + dumpStorage(server)
    for (const word of [email, username, name]) expect(left).not.toContain(word)
    const facts = (await server.facts()).filter(({ subjectId }) => subjectId === before?.id)
    expect(facts.map((fact) => fact.name).slice(-3)).toEqual([
      'privacy.sign_up_expired',
      'platform.details_forgotten',
      'privacy.user_erased',
    ])

    const { token } = await givenRegistration(server, { email, username })
    expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(200)
    const [after] = await usersWith(email)
    expect(after?.id).not.toBe(before?.id)
    expect((await signIn(server, email)).status).toBe(200)
  })

  test.each<[string, (email: string) => Promise<unknown>]>([
    ['is younger', (email) => age(email, 29)],
    [
      'was repeated lately',
      async (email) => {
        await age(email, 31)
        await register(email)
        await query(
          server,
          `update auth_verifications set expires_at = now() - interval '1 second' where email = $1`,
          [email],
        )
      },
    ],
    [
      'has asked for its mail a moment ago',
      async (email) => {
        await age(email, 31)
        await server.anonymous.post(`${api}/auth/resend-verification`, { email })
        await deliverMails(server)
      },
    ],
  ])('stays while it %s, and can be proven', async (_what, happens) => {
    const { email } = await givenRegistration(server)
    const [before] = await usersWith(email)
    await happens(email)
    await forget()
    expect(await usersWith(email)).toEqual([before])
    await server.anonymous.post(`${api}/auth/resend-verification`, { email })
    const { token } = (await findProofs(server, email)).at(-1) ?? {}
    expect((await server.anonymous.post(`${api}/auth/verify-email`, { token })).status).toBe(200)
    expect((await signIn(server, email)).status).toBe(200)
  })

  test('a proven account stays, however old it is', async () => {
    const { email } = await givenMember(server)
    await age(email, 400)
    await forget()
    expect((await signIn(server, email)).status).toBe(200)
  })

  test('twice is once: what was begun is finished, and nothing is erased again', async () => {
    const { email } = await givenRegistration(server)
    const [before] = await usersWith(email)
    await age(email, 31)
    await runJob('privacy.erase_unproven')
    // The process dies here; the clock finds what is due.
    await query(server, `delete from platform_job_outbox where name = 'privacy.erase_person'`)
    await runJob('privacy.erase_due')
    await deliverMails(server)
    await forget()
    const rows = await query<{ finished_at: Date | null }>(
      server,
      'select finished_at from privacy_erasures where user_id = $1',
      [before?.id],
    )
    expect(rows).toEqual([{ finished_at: expect.any(Date) }])
    expect(
      await query(server, 'select 1 from auth_verifications where email = $1', [email]),
    ).toEqual([])
  })

  test('while people sign up again: one account with an open proof is left, in each round', async () => {
    const email = newEmail()
    for (let round = 0; round < 50; round += 1) {
      await register(email)
      await age(email, 31)
      const replies = await Promise.all([
        together(6, () => register(email)),
        together(2, () => runJob('privacy.erase_unproven')),
      ])
      expect(tally(replies[0])).toEqual({ 202: 6 })
      const [user, ...others] = await usersWith(email)
      expect(others).toEqual([])
      expect(user?.status).toBe('active')
      const open = await query(
        server,
        'select 1 from auth_verifications where user_id = $1 and expires_at > clock_timestamp()',
        [user?.id],
      )
      expect(open).toHaveLength(1)
      // What was released is erased without a trace of who has the address now.
      await query(server, `delete from platform_job_outbox where name <> 'privacy.erase_person'`)
      await deliverMails(server)
      expect(await usersWith(email)).toEqual([user])
    }
  }, 300_000)
})

describe('signing up with the address of an account that is there', () => {
  const newestMail = async (email: string) => {
    await deliverMails(server)
    return (await server.mails(email)).at(-1)
  }

  test('which is closed: its owner is told how to have it back, and of no way that does not work', async () => {
    const person = await givenMember(server)
    const reply = await signIn(server, person.email)
    const client = server.clientWith(null, {
      authorization: `Bearer ${reply.body.data.accessToken}`,
    })
    expect((await client.delete(mine)).status).toBe(202)
    await deliverMails(server)
    const answer = await register(person.email)
    expect(answer.status).toBe(202)
    const mail = await newestMail(person.email)
    expect(mail?.subject).toContain('is closed')
    expect(mail?.text).toContain('/restore-account#token=')
    expect(mail?.text).not.toMatch(/sign-in|forgot-password/)

    const token = (await findRestoreTokens(server, person.email)).at(-1)
    expect((await server.anonymous.post(`${api}/users/restore`, { token })).status).toBe(200)
    expect((await signIn(server, person.email)).status).toBe(200)
  })

  test('which was erased meanwhile: it is an address like any other', async () => {
    const person = await givenMember(server)
    const reply = await signIn(server, person.email)
    const client = server.clientWith(null, {
      authorization: `Bearer ${reply.body.data.accessToken}`,
    })
    await client.delete(mine)
    await passGrace(server, reply.body.data.user.id)
    expect((await register(person.email)).status).toBe(202)
    const before = await server.mails(person.email)
    await runJob('privacy.erase_due')
    await deliverMails(server)
    // Neither a way back that is over, nor anything to somebody who is forgotten.
    expect((await server.mails(person.email)).length).toBeLessThanOrEqual(before.length)
    expect((await register(person.email)).status).toBe(202)
    expect((await newestMail(person.email))?.subject).toContain('Confirm')
  })

  test('which is suspended: no way would work, so none is mailed', async () => {
    const { email } = await givenMember(server)
    await query(server, `update users_users set status = 'suspended' where email = $1`, [email])
    const before = await server.mails(email)
    expect((await register(email)).status).toBe(202)
    await deliverMails(server)
    expect(await server.mails(email)).toEqual(before)
  })

  test('which is in use: signing in and a new password are offered, and both pages are there', async () => {
    const { email } = await givenMember(server)
    await register(email)
    const text = (await newestMail(email))?.text ?? ''
    for (const page of ['/sign-in', '/forgot-password']) {
      expect(text).toContain(`${server.settings.publicUrl}${page}`)
      expect((await server.anonymous.get(page)).status).toBe(200)
    }
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
