/** Turning the second factor on and off: only its owner can, every code works once, and nothing is shown twice. */
import { describe, expect, test } from 'vitest'
import { type TestClient, goodPassword, startServer } from '../../app/testing.ts'
import { jobOutbox } from '../../platform/tables.ts'
import {
  type Server,
  api,
  crowd,
  me,
  query,
  rounds,
  signIn,
  tally,
  together,
} from '../auth/testing.ts'
import { sendNotice } from './jobs.ts'
import {
  codeOf,
  enrol,
  givenEnrolled,
  nextCode,
  setUp,
  twofa,
  wrongCodeOf,
  verify2fa,
} from './testing.ts'

const server: Server = await startServer()
const password = goodPassword

const factsOf = async (userId: string) =>
  (await server.facts()).filter(({ subjectId }) => subjectId === userId)
const statusOf = async (client: TestClient) =>
  (await client.get(`${twofa}/status`)).body.data as Record<string, unknown>

/** The notices that wait for somebody, delivered as the workers would. */
async function noticesTo(userId: string, email: string) {
  const rows = await server.db.select().from(jobOutbox).orderBy(jobOutbox.id)
  for (const { name, payload } of rows)
    if (name === sendNotice.name && (payload as { userId: string }).userId === userId)
      await sendNotice.run(server.ctx(), payload as never, new AbortController().signal)
  return (await server.mails(email)).map(({ subject }) => subject)
}

test('from set-up to ten backup codes, with a QR code of the same secret', async () => {
  const ada = await server.as()
  expect(await statusOf(ada)).toEqual({
    enabled: false,
    enabledAt: null,
    backupCodesLeft: 0,
    required: false,
  })
  const shown = (await ada.post(`${twofa}/setup`, { password })).body.data
  expect(shown.secret).toMatch(/^[A-Z2-7]{32}$/)
  const url = new URL(shown.otpauthUrl)
  expect(url.host).toBe('totp')
  expect(decodeURIComponent(url.pathname)).toBe(`/Ashlar:${ada.email}`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    issuer: 'Ashlar',
    secret: shown.secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  expect(shown.qrSvg).toMatch(/^<svg /)
  expect(shown.qrDataUrl).toMatch(/^data:image\/png;base64,iVBOR/)
  expect(await statusOf(ada)).toMatchObject({ enabled: false })

  const enabled = await ada.post(`${twofa}/enable`, { code: codeOf(shown.secret) })
  expect(enabled.status).toBe(200)
  const codes: string[] = enabled.body.data.backupCodes
  expect(new Set(codes).size).toBe(10)
  // A digit that names the row, and ten characters of five bits each.
  for (const code of codes) expect(code).toMatch(/^\d-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
  expect(await statusOf(ada)).toEqual({
    enabled: true,
    enabledAt: expect.stringMatching(/Z$/),
    backupCodesLeft: 10,
    required: false,
  })
  expect((await ada.post(`${twofa}/backup-codes`)).body).toEqual({ data: { left: 10 } })
})

test('no read route ever shows the secret or a code again', async () => {
  const ada = await server.as()
  const { secret, backupCodes } = await enrol(server, ada)
  const answers = [
    await ada.get(`${twofa}/status`),
    await ada.post(`${twofa}/backup-codes`),
    await ada.get(`${twofa}/trusted-devices`),
    await ada.get(me),
    await ada.post(`${twofa}/setup`, { password }),
  ]
  expect(answers.at(-1)).toMatchObject({ status: 409, body: { code: 'twofa.already_enabled' } })
  for (const { text } of answers)
    for (const hidden of [secret, ...backupCodes]) expect(text).not.toContain(hidden)
})

test('set-up needs the password, and a session rather than a key', async () => {
  const ada = await server.as()
  const wrong = await ada.post(`${twofa}/setup`, { password: 'quite another password' })
  expect(wrong).toMatchObject({ status: 403, body: { code: 'auth.wrong_password' } })
  expect(await ada.post(`${twofa}/setup`, {})).toMatchObject({
    status: 403,
    body: { code: 'twofa.proof_required' },
  })
  expect((await server.anonymous.post(`${twofa}/setup`, { password })).status).toBe(401)
  const made = await ada.post(`${api}/auth/api-keys`, { name: 'all of mine' })
  const key = server.clientWith(null, { authorization: `Bearer ${made.body.data.key}` })
  expect((await key.get(`${twofa}/status`)).status).toBe(200)
  expect(await key.post(`${twofa}/setup`, { password })).toMatchObject({
    status: 403,
    body: { code: 'twofa.session_required' },
  })
  expect(await factsOf(ada.user.id)).toContainEqual(
    expect.objectContaining({ name: 'auth.password_refused', outcome: 'refused' }),
  )
  expect(
    await query(server, 'select 1 from twofa_factors where user_id = $1', [ada.user.id]),
  ).toEqual([])
})

test('a second set-up replaces the first', async () => {
  const ada = await server.as()
  const first = await setUp(ada)
  const second = await setUp(ada)
  expect(second).not.toBe(first)
  expect(await ada.post(`${twofa}/enable`, { code: codeOf(first) })).toMatchObject({
    status: 403,
    body: { code: 'twofa.code_refused' },
  })
  expect((await ada.post(`${twofa}/enable`, { code: codeOf(second) })).status).toBe(200)
})

test('there is nothing to enable before a set-up, after it, or after half an hour', async () => {
  const ada = await server.as()
  const required = { status: 409, body: { code: 'twofa.setup_required' } }
  expect(await ada.post(`${twofa}/enable`, { code: '000000' })).toMatchObject(required)
  const secret = await setUp(ada)
  await query(
    server,
    `update twofa_factors set created_at = now() - interval '31 minutes' where user_id = $1`,
    [ada.user.id],
  )
  expect(await ada.post(`${twofa}/enable`, { code: codeOf(secret) })).toMatchObject(required)
  expect(await statusOf(ada)).toMatchObject({ enabled: false })
  await enrol(server, ada)
  expect(await ada.post(`${twofa}/enable`, { code: '000000' })).toMatchObject({
    status: 409,
    body: { code: 'twofa.already_enabled' },
  })
})

test('many confirmations at once turn it on once, with one set of backup codes', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ada = await server.as()
    const code = codeOf(await setUp(ada))
    const replies = await together(crowd, () => ada.post(`${twofa}/enable`, { code }))
    // Who comes late finds it on, or the session renewed.
    const { 401: late = 0, 409: enabled = 0, ...rest } = tally(replies)
    expect({ ...rest, refused: late + enabled }).toEqual({ 200: 1, refused: crowd - 1 })
    expect((await ada.post(`${twofa}/backup-codes`)).body.data).toEqual({ left: 10 })
  }
})

describe('turning it off', () => {
  test('takes the password and a code', async () => {
    const ada = await givenEnrolled(server)
    const disable = (body: object) => ada.post(`${twofa}/disable`, body)
    const code = codeOf(ada.secret)
    expect(await disable({ password })).toMatchObject({
      status: 403,
      body: { code: 'twofa.proof_required' },
    })
    expect(await disable({ password: 'quite another password', code })).toMatchObject({
      status: 403,
      body: { code: 'auth.wrong_password' },
    })
    expect(await disable({ password, code: wrongCodeOf(ada.secret) })).toMatchObject({
      status: 403,
      body: { code: 'twofa.code_refused' },
    })
    expect(await disable({ code })).toMatchObject({
      status: 403,
      body: { code: 'twofa.proof_required' },
    })
    expect(await statusOf(ada)).toMatchObject({ enabled: true })
    // None of the refusals has spent the code.
    expect((await disable({ password, code })).status).toBe(204)
    expect(await statusOf(ada)).toMatchObject({ enabled: false, backupCodesLeft: 0 })
    expect((await signIn(server, ada.email)).body.data).toHaveProperty('accessToken')
    expect(await disable({ password, code })).toMatchObject({
      status: 409,
      body: { code: 'twofa.not_enabled' },
    })
  })

  test('or a backup code; and a set-up that waits ends with the password alone', async () => {
    const ada = await givenEnrolled(server)
    const [backupCode] = ada.backupCodes
    expect((await ada.post(`${twofa}/disable`, { password, backupCode })).status).toBe(204)
    await setUp(ada)
    expect((await ada.post(`${twofa}/disable`, { password })).status).toBe(204)
    expect(
      await query(server, 'select 1 from twofa_factors where user_id = $1', [ada.user.id]),
    ).toEqual([])
  })

  test('happens once, however many ask at once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ada = await givenEnrolled(server)
      const code = codeOf(ada.secret)
      const replies = await together(crowd, () => ada.post(`${twofa}/disable`, { password, code }))
      expect(tally(replies)).toEqual({ 204: 1, 409: crowd - 1 })
    }
  })
})

describe('new backup codes', () => {
  const regenerate = (client: TestClient, body: object) =>
    client.post(`${twofa}/regenerate-backup-codes`, body)

  test('with a code, or with a backup code; the old ones die', async () => {
    const ada = await givenEnrolled(server)
    const [first, old] = ada.backupCodes
    const byBackupCode = await regenerate(ada, { password, backupCode: first })
    expect(byBackupCode.status).toBe(200)
    expect(byBackupCode.body.data.backupCodes).toHaveLength(10)
    expect(await ada.post(`${twofa}/disable`, { password, backupCode: old })).toMatchObject({
      status: 403,
    })
    const [backupCode] = byBackupCode.body.data.backupCodes
    expect((await regenerate(ada, { backupCode })).status).toBe(200)
    expect((await regenerate(ada, { code: codeOf(ada.secret) })).status).toBe(200)
    expect((await ada.post(`${twofa}/backup-codes`)).body.data).toEqual({ left: 10 })
  })

  test('not with the password alone, or whoever knows it turns the second factor off with one of them', async () => {
    const ada = await givenEnrolled(server)
    const proofRequired = { status: 403, body: { code: 'twofa.proof_required' } }
    expect(await ada.post(`${twofa}/disable`, { password })).toMatchObject(proofRequired)
    expect(await regenerate(ada, { password })).toMatchObject(proofRequired)
    const [backupCode] = ada.backupCodes
    expect((await ada.post(`${twofa}/disable`, { password, backupCode })).status).toBe(204)
  })

  test('not with nothing, a wrong password, a wrong code, or before it is on', async () => {
    const ada = await givenEnrolled(server)
    const code = codeOf(ada.secret)
    const wrong = wrongCodeOf(ada.secret)
    expect(await regenerate(ada, {})).toMatchObject({ status: 403 })
    expect(await regenerate(ada, { password: 'quite another password', code })).toMatchObject({
      status: 403,
    })
    expect(await regenerate(ada, { password, code: wrong })).toMatchObject({ status: 403 })
    expect(await regenerate(ada, { password, backupCode: '0-00000-00000' })).toMatchObject({
      status: 403,
    })
    expect(await regenerate(await server.as(), { password })).toMatchObject({
      status: 409,
      body: { code: 'twofa.not_enabled' },
    })
    // The ones from the start still work, and none was spent.
    const [backupCode] = ada.backupCodes
    expect((await ada.post(`${twofa}/disable`, { password, backupCode })).status).toBe(204)
  })
})

test('a code that one door has taken is refused at every other', async () => {
  const ada = await givenEnrolled(server)
  const code = codeOf(ada.secret)
  expect((await ada.post(`${twofa}/regenerate-backup-codes`, { code })).status).toBe(200)
  expect((await ada.post(`${twofa}/regenerate-backup-codes`, { code })).status).toBe(403)
  expect((await ada.post(`${twofa}/disable`, { password, code })).status).toBe(403)
  // And the one before it has gone by too.
  const before = codeOf(ada.secret, -30)
  expect((await ada.post(`${twofa}/disable`, { password, code: before })).status).toBe(403)
  await nextCode(server, ada.user.id)
  expect((await ada.post(`${twofa}/disable`, { password, code: codeOf(ada.secret) })).status).toBe(
    204,
  )
})

test('every change ends the other sessions at once and leaves this one', async () => {
  const ada = await server.as()
  const other = async () => {
    const { body } = await signIn(server, ada.email)
    let { data } = body
    if (data.twoFactorRequired) {
      const step = { pendingToken: data.pendingToken, code: codeOf(secret) }
      data = (await server.anonymous.post(verify2fa, step)).body.data
      await nextCode(server, ada.user.id)
    }
    const bearer = { authorization: `Bearer ${data.accessToken}` }
    return { client: server.clientWith(null, bearer), refreshToken: data.refreshToken as string }
  }
  const secret = await setUp(ada)
  const changes = [
    () => ada.post(`${twofa}/enable`, { code: codeOf(secret) }),
    () => ada.post(`${twofa}/regenerate-backup-codes`, { code: codeOf(secret) }),
    () => ada.post(`${twofa}/disable`, { password, code: codeOf(secret) }),
  ]
  for (const change of changes) {
    const { client, refreshToken } = await other()
    expect((await client.get(me)).status).toBe(200)
    expect((await change()).status).toBeLessThan(300)
    await nextCode(server, ada.user.id)
    expect((await client.get(me)).status).toBe(401)
    expect((await server.anonymous.post(`${api}/auth/refresh`, { refreshToken })).status).toBe(401)
    expect((await ada.get(me)).status).toBe(200)
  }
})

test('its owner is told of every change and every backup code used, and the facts say it too', async () => {
  const ada = await givenEnrolled(server)
  const [backupCode] = ada.backupCodes
  await ada.post(`${twofa}/regenerate-backup-codes`, { backupCode })
  await ada.post(`${twofa}/disable`, { password, code: codeOf(ada.secret) })
  expect(await noticesTo(ada.user.id, ada.email)).toEqual([
    'Two-factor sign-in is on for Ashlar',
    'A backup code for Ashlar was used',
    'New backup codes for Ashlar',
    'Two-factor sign-in is off for Ashlar',
  ])
  const facts = await factsOf(ada.user.id)
  const names = facts.map(({ name }) => name).filter((name) => name.startsWith('twofa.'))
  expect(names).toEqual([
    'twofa.setup_started',
    'twofa.enabled',
    'twofa.backup_code_used',
    'twofa.backup_codes_regenerated',
    'twofa.disabled',
  ])
  expect(facts.find(({ name }) => name === 'twofa.backup_code_used')?.data).toEqual({
    door: 'regenerate',
    left: 9,
  })
  expect(JSON.stringify(facts)).not.toContain(backupCode)
})

test('ten wrong codes shut the account’s codes for a quarter of an hour, at every door, right ones too', async () => {
  const ada = await givenEnrolled(server)
  const wrong = { password, code: wrongCodeOf(ada.secret) }
  for (let guess = 0; guess < 10; guess += 1)
    expect((await ada.post(`${twofa}/disable`, wrong)).status).toBe(403)
  const right = { password, code: codeOf(ada.secret) }
  const reply = await ada.post(`${twofa}/disable`, right)
  expect(reply).toMatchObject({ status: 429, body: { code: 'twofa.too_many_wrong_codes' } })
  const seconds = Number(reply.headers['retry-after'])
  expect(seconds).toBeGreaterThan(14 * 60)
  expect(seconds).toBeLessThanOrEqual(15 * 60)
  const [backupCode] = ada.backupCodes
  expect((await ada.post(`${twofa}/regenerate-backup-codes`, { backupCode })).status).toBe(429)
  await query(
    server,
    `update twofa_wrong_codes set at = at - interval '15 minutes' where user_id = $1`,
    [ada.user.id],
  )
  expect((await ada.post(`${twofa}/disable`, right)).status).toBe(204)
})

test('fifty wrong codes in a day shut them for the rest of the day', async () => {
  const ada = await givenEnrolled(server)
  await query(
    server,
    `insert into twofa_wrong_codes (id, user_id, at)
     select gen_random_uuid(), $1, now() - make_interval(mins => 20 * n) from generate_series(1, 50) n`,
    [ada.user.id],
  )
  const reply = await ada.post(`${twofa}/disable`, { password, code: codeOf(ada.secret) })
  expect(reply.status).toBe(429)
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(6 * 60 * 60)
})

test('a stolen session gets a few guesses at the password, and the right one comes too late', async () => {
  const strict = await startServer({ environment: { RATE_LIMIT_ENABLED: 'true' } })
  const ada = await strict.as()
  const statuses = []
  for (let guess = 0; guess < 12; guess += 1)
    statuses.push((await ada.post(`${twofa}/setup`, { password: `guess number ${guess}` })).status)
  expect(statuses).toEqual([...Array<number>(10).fill(403), 429, 429])
  expect((await ada.post(`${twofa}/setup`, { password })).status).toBe(429)
  const eve = await strict.as()
  expect((await eve.post(`${twofa}/setup`, { password })).status).toBe(200)
})

test('no failure of ours was behind any of it', () => {
  expect(server.failures).toEqual([])
})
