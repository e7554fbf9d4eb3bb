/** One's own data, all of it, to nobody else, and no secret among it. */
import { describe, expect, test } from 'vitest'
import { goodPassword, startServer } from '../../app/testing.ts'
import {
  type Server,
  api,
  bearerOf,
  countFacts,
  crowd,
  deliverMails,
  query,
  rounds,
  tally,
  together,
} from '../auth/testing.ts'
import { givenEnrolled } from '../twofa/testing.ts'
import { dumpStorage, fetchExport, mine } from './testing.ts'
import { privacyJobs } from './with-rooms.ts'
import { personalData } from '../../app/rooms.ts'
import { type PersonalData, rowsOf } from '../../platform/personal-data.ts'
import { suspendAccount } from '../users/index.ts'
import { storageKeyOf } from './exports.ts'

const server: Server = await startServer()
const { signal } = new AbortController()
const expire = privacyJobs(personalData).find(({ name }) => name === 'privacy.expire_exports')
const sweep = () => expire?.run(server.ctx(), {} as never, signal)

describe('an archive', () => {
  test('holds what every room stores of its owner, and nothing of anybody else', async () => {
    const eve = await server.as()
    const ada = await givenEnrolled(server)
    await ada.patch(mine, { name: 'Ada Canary', bio: 'Counts canaries.', username: 'ada-canary' })
    await eve.patch(mine, { name: 'Eve Canary' })
    await ada.post(`${api}/auth/api-keys`, { name: 'my key' })
    await ada.post(`${api}/auth/email-change`, { email: 'other@canary.example' })
    await server.anonymous.post(`${api}/auth/forgot-password`, { email: ada.email })
    const files = await fetchExport(server, ada)
    expect(files['users/account.json']).toMatchObject([
      { id: ada.userId, email: ada.email, name: 'Ada Canary', bio: 'Counts canaries.' },
    ])
    expect(files['access/roles.json']).toMatchObject([{ role: 'member' }])
    expect(files['auth/sessions.json']).toMatchObject([
      { kind: 'token', ip: '127.0.0.1' },
      { kind: 'token', ip: '127.0.0.1' },
    ])
    expect(files['auth/changes-of-address.json']).toMatchObject([
      { newEmail: 'other@canary.example' },
    ])
    expect(files['auth/requested-mails.json']).toMatchObject([{ purpose: 'password_reset' }])
    expect(files['twofa/authenticators.json']).toHaveLength(1)
    expect(files['twofa/backup-codes.json']).toHaveLength(10)
    const done = files['platform/done-by-you.json'] as { name: string; ip: string }[]
    expect(done).toContainEqual(
      expect.objectContaining({ name: 'privacy.export_requested', ip: '127.0.0.1' }),
    )
    expect(files['about.json']).toMatchObject([{ userId: ada.userId }])
    const text = JSON.stringify(files)
    expect(text).toContain('my key')
    expect(text).not.toContain('Eve Canary')
    expect(text).not.toContain(eve.userId)
  })

  test('holds no secret: no password, no hash, no factor, no token, no key', async () => {
    const ada = await givenEnrolled(server)
    const made = await ada.post(`${api}/auth/api-keys`, { name: 'ci' })
    const stored = await query<{ hash: string; password: string; secret: string }>(
      server,
      `select encode(k.hash, 'hex') as hash, c.password_hash as password, encode(f.secret, 'hex') as secret
       from auth_api_keys k join auth_credentials c using (user_id) join twofa_factors f using (user_id)
       where user_id = $1`,
      [ada.userId],
    )
    const text = JSON.stringify(await fetchExport(server, ada))
    const { hash, password, secret } = stored[0] ?? { hash: '', password: '', secret: '' }
    const secrets = [
      goodPassword,
      password,
      hash,
      secret,
      Buffer.from(secret, 'hex').toString('base64'),
      ada.secret,
      ...ada.backupCodes,
      ada.accessToken,
      ada.refreshToken,
      String(made.body.data.key),
    ]
    for (const each of secrets) {
      expect(each.length).toBeGreaterThan(5)
      expect(text).not.toContain(each)
    }
    expect(text).not.toMatch(/argon2|ash_[srpt]_/)
  })

  test('is told by a mail that opens nothing', async () => {
    const ada = await server.as()
    await fetchExport(server, ada)
    await deliverMails(server)
    const [mail] = (await server.mails(ada.email)).slice(-1)
    expect(mail?.subject).toContain('is ready')
    expect(mail?.text).toContain('/your-data')
    expect(mail?.text).not.toContain('token')
    expect((await server.anonymous.get('/your-data')).status).toBe(200)
  })

  test('is nobody else’s, is not listed to them, and its address works for minutes', async () => {
    const ada = await server.as()
    await fetchExport(server, ada)
    const [own] = (await ada.get(`${mine}/exports`)).body.data
    const eve = await server.as('super_admin')
    expect((await eve.get(`${mine}/exports`)).body.data).toEqual([])
    expect(await eve.get(`${mine}/exports/${own.id}/download`)).toMatchObject({
      status: 404,
      body: { code: 'privacy.export_not_found' },
    })
    const { url, expiresAt } = (await ada.get(`${mine}/exports/${own.id}/download`)).body.data
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(300_000)
    const address = new URL(url)
    address.searchParams.set('expires', '9999999999')
    expect((await server.anonymous.get(address.pathname + address.search)).status).toBe(403)
    expect((await server.anonymous.get(address.pathname)).status).toBe(403)
  })

  test('is deleted after a week, with its file', async () => {
    const ada = await server.as()
    await ada.patch(mine, { bio: 'A canary for a week' })
    await fetchExport(server, ada)
    expect(dumpStorage(server)).toContain('A canary for a week')
    await query(server, `update privacy_exports set expires_at = now() where user_id = $1`, [
      ada.userId,
    ])
    const [own] = (await ada.get(`${mine}/exports`)).body.data
    expect(own.status).toBe('expired')
    expect((await ada.get(`${mine}/exports/${own.id}/download`)).status).toBe(404)
    await sweep()
    await sweep()
    expect(dumpStorage(server)).not.toContain('A canary for a week')
    await query(
      server,
      `update privacy_exports set expires_at = now() - interval '31 days' where user_id = $1`,
      [ada.userId],
    )
    await sweep()
    expect((await ada.get(`${mine}/exports`)).body.data).toEqual([])
  })
})

describe('asking for an archive', () => {
  test('many times at once asks for one', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await server.as()
      const replies = await together(crowd, () => ada.post(`${mine}/export`))
      expect(tally(replies)).toEqual({ 202: crowd })
      expect(new Set(replies.map(({ body }) => body.data.id)).size).toBe(1)
      expect(await countFacts(server, 'privacy.export_requested', ada.userId)).toBe(1)
    }
  })

  test('a fourth time on one day is too often', async () => {
    const ada = await server.as()
    for (let count = 0; count < 3; count += 1) await fetchExport(server, ada)
    expect(await ada.post(`${mine}/export`)).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.any(String) },
      body: { code: 'privacy.too_many_exports' },
    })
    await query(
      server,
      `update privacy_exports set created_at = created_at - interval '1 day' where user_id = $1`,
      [ada.userId],
    )
    expect((await ada.post(`${mine}/export`)).status).toBe(202)
  })

  test('and fetching it need a session that has just shown a factor; a key gets nothing', async () => {
    const ada = await server.as()
    const made = await ada.post(`${api}/auth/api-keys`, { name: 'ci' })
    const key = String(made.body.data.key)
    expect((await bearerOf(server, key).post(`${mine}/export`)).status).toBe(403)
    await fetchExport(server, ada)
    const [own] = (await ada.get(`${mine}/exports`)).body.data
    await query(
      server,
      `update auth_sessions set proven_at = now() - interval '1 hour' where user_id = $1`,
      [ada.userId],
    )
    await server.ctx().tx((tx) => tx.invalidate(`user:${ada.userId}`))
    for (const reply of [
      await ada.post(`${mine}/export`),
      await ada.get(`${mine}/exports/${own.id}/download`),
    ])
      expect(reply).toMatchObject({ status: 403, body: { code: 'access.step_up_required' } })
    expect((await server.anonymous.post(`${mine}/export`)).status).toBe(401)
  })

  test('is nobody’s, and nowhere, when its owner is suspended while it is made', async () => {
    const ada = await server.as()
    const { id } = (await ada.post(`${mine}/export`)).body.data
    let isLate = false
    const suspending: PersonalData = {
      room: 'of_this_test',
      tables: [],
      collect: () => [{ name: 'late', rows: rowsOf(suspendOwner) }],
      erase: async () => {},
    }
    // The rooms before it have been read by then.
    async function suspendOwner() {
      isLate = true
      await server.ctx().tx((tx) => suspendAccount(tx, ada.userId ?? '', null))
      return []
    }
    const make = privacyJobs([...personalData, suspending]).find(
      ({ name }) => name === 'privacy.make_export',
    )
    await make?.run(server.ctx(), { exportId: id } as never, signal)
    expect(isLate).toBe(true)
    expect(
      await query(server, 'select status, ready_at from privacy_exports where id = $1', [id]),
    ).toEqual([{ status: 'pending', ready_at: null }])
    const key = storageKeyOf(server.ctx(), id)
    expect((await server.ctx().ports.storage.list(key)).objects).toEqual([])
    const jobs = await server.jobs()
    expect(jobs.filter(({ name }) => name === 'privacy.send_export_ready')).toEqual([])
  })

  test('is over for a job that never ends, so that it can be asked again', async () => {
    const ada = await server.as()
    await ada.post(`${mine}/export`)
    await query(
      server,
      `update privacy_exports set created_at = now() - interval '2 days' where user_id = $1`,
      [ada.userId],
    )
    await sweep()
    const [own] = (await ada.get(`${mine}/exports`)).body.data
    expect(own.status).toBe('failed')
    await deliverMails(server)
    expect((await ada.get(`${mine}/exports`)).body.data[0].status).toBe('failed')
    expect((await ada.post(`${mine}/export`)).body.data.id).not.toBe(own.id)
  })
})

test('nothing here was our own failure', () => {
  expect(server.failures).toEqual([])
})
