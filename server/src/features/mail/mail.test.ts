/** Mail as administrators see it. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startServer } from '../../app/testing.ts'
import { api, givenRegistration } from '../auth/testing.ts'

const server = await startServer()
const url = `${api}/admin/mails`
const admin = await server.as('admin')
const support = await server.as('support')
const member = await server.as('member')

test('a captured mail is listed with what it was made from, and shown as it is', async () => {
  const { email } = await givenRegistration(server)
  const listed = await support.get(`${url}?state=captured`)
  const mail = listed.body.data.find(({ to }: { to: string }) => to === email)
  expect(mail).toMatchObject({
    state: 'captured',
    template: 'auth.verify_email',
    locale: 'en',
    subject: expect.any(String),
    userId: expect.any(String),
  })
  expect(listed.body.meta).toMatchObject({ total: expect.any(Number), isTotalExact: true })
  expect(listed.text).not.toContain('#token=')
  const { data } = (await support.get(`${url}/${mail.id}`)).body
  expect(data.text).toContain('#token=')
  expect(data.html).toContain('<html')
  expect((await support.get(`${url}?state=sent`)).body.data).toEqual([])
  const own = await support.get(`${url}?userId=${mail.userId}`)
  expect(own.body.data).toEqual([expect.objectContaining({ id: mail.id })])
})

test('pages go on where the one before ended', async () => {
  for (let count = 0; count < 3; count += 1) await admin.post(`${url}/test`)
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body }: { body: { data: { id: string }[]; meta: { nextCursor: string | null } } } =
      await admin.get(`${url}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    seen.push(...body.data.map(({ id }) => id))
    cursor = body.meta.nextCursor
  }
  expect(seen.length).toBeGreaterThanOrEqual(3)
  expect(seen).toEqual([...new Set(seen)].toSorted().toReversed())
})

test('a test mail reaches whoever asks, at their own address alone', async () => {
  const before = (await server.mails(admin.email)).length
  const { status, body } = await admin.post(`${url}/test`, { to: member.email })
  expect(status).toBe(200)
  expect(body.data).toEqual({ to: admin.email, driver: 'capture', isSent: true, answer: null })
  expect(await server.mails(admin.email)).toHaveLength(before + 1)
  expect(await server.mails(member.email)).toEqual([])
  expect((await support.post(`${url}/test`)).status).toBe(403)
})

test('a mail server that cannot be reached is said to be so', async () => {
  const broken = await startServer({
    environment: { MAIL_DRIVER: 'smtp', SMTP_HOST: '127.0.0.1', SMTP_PORT: '1' },
  })
  const there = await broken.as('admin')
  expect(await there.post(`${url}/test`)).toMatchObject({
    status: 200,
    body: { data: { isSent: false, answer: expect.stringContaining('ECONNREFUSED') } },
  })
  expect((await there.get(url)).body.data).toEqual([])
})

test('nobody without the permission reads mail', async () => {
  for (const path of [url, `${url}/${randomUUID()}`]) {
    expect((await member.get(path)).status).toBe(403)
    expect((await server.anonymous.get(path)).status).toBe(401)
  }
  expect((await support.get(`${url}/${randomUUID()}`)).body.code).toBe('mail.not_found')
})
