/** The twin over its real protocol, spoken by hand. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { renderPage } from './page.ts'
import { startSmtpTwin } from './twin.ts'
import type { SmtpTwin, SmtpTwinOptions } from './twin.ts'

const open: SmtpTwin[] = []
afterEach(async () => {
  for (const twin of open.splice(0)) await twin.close()
})

async function givenTwin(options?: SmtpTwinOptions): Promise<SmtpTwin> {
  const twin = await startSmtpTwin(options)
  open.push(twin)
  return twin
}

/** Says each line once the last was answered; the reply codes, and `closed` where the line was cut. */
async function say(twin: SmtpTwin, ...lines: string[]): Promise<string[]> {
  const socket = connect(twin.port, '127.0.0.1')
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]()
  const codes: string[] = []
  socket.on('error', () => {})
  for (const line of ['', ...lines]) {
    if (line !== '') socket.write(`${line}\r\n`)
    let reply = await replies.next()
    while (!reply.done && reply.value[3] === '-') reply = await replies.next()
    codes.push(reply.done ? 'closed' : reply.value.slice(0, 3))
    if (reply.done) break
  }
  socket.destroy()
  await once(socket, 'close')
  return codes
}

const envelope = ['EHLO me', 'MAIL FROM:<shop@example.org>', 'RCPT TO:<u1@example.org>']
const message = ['DATA', 'Subject: Hi\r\n\r\n<b>text</b>\r\n.']

test('a message is taken and kept with its envelope', async () => {
  const twin = await givenTwin()
  expect(await say(twin, ...envelope, ...message)).toEqual([
    '220',
    '250',
    '250',
    '250',
    '354',
    '250',
  ])
  expect(twin.messages()).toMatchObject([
    { subject: 'Hi', envelope: { from: 'shop@example.org', to: ['u1@example.org'] }, user: null },
  ])
  expect(twin.url).toBe(`smtp://127.0.0.1:${twin.port}`)
})

test('refuse answers 550 and keeps nothing', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'refuse' })
  expect(await say(twin, ...envelope)).toEqual(['220', '250', '250', '550'])
  expect(twin.messages()).toEqual([])
})

test('greylist puts off as often as told, then takes the mail', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'greylist', attempts: 2 })
  const again = 'RCPT TO:<u1@example.org>'
  expect((await say(twin, ...envelope, again, again)).slice(3)).toEqual(['451', '451', '250'])
})

test('acceptThenDrop keeps the message but never says so', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'acceptThenDrop' })
  expect((await say(twin, ...envelope, ...message)).at(-1)).toBe('closed')
  expect(twin.messages()).toHaveLength(1)
})

test('disconnect cuts the dialogue and keeps nothing', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'disconnect' })
  expect((await say(twin, ...envelope)).at(-1)).toBe('closed')
  expect(twin.messages()).toEqual([])
})

test('closing the twin ends a client that is kept hanging', async () => {
  const twin = await givenTwin()
  twin.setMode({ kind: 'hang', at: 'greeting' })
  const socket = connect(twin.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await twin.close()
  await closed
  expect(socket.bytesRead).toBe(0)
})

test('only the newest messages are kept, up to the bound', async () => {
  const twin = await givenTwin({ maxMessages: 2 })
  await say(
    twin,
    ...envelope,
    ...message,
    ...envelope.slice(1),
    ...message,
    ...envelope.slice(1),
    ...message,
  )
  expect(twin.messages().map(({ id }) => id)).toEqual([2, 3])
  twin.clear()
  expect(twin.messages()).toEqual([])
})

test('a message over the size limit is refused', async () => {
  const twin = await givenTwin({ maxMessageBytes: 1000 })
  const big = `Subject: Hi\r\n\r\n${'x'.repeat(2000)}\r\n.`
  expect((await say(twin, ...envelope, 'DATA', big)).at(-1)).toBe('552')
  expect(twin.messages()).toEqual([])
})

test('with credentials set, mail is taken from who knows them and from nobody else', async () => {
  const twin = await givenTwin({ auth: { user: 'shop', password: 'secret' } })
  expect((await say(twin, ...envelope))[2]).toBe('530')
  expect((await say(twin, 'EHLO me', authPlain('wrong')))[2]).toBe('535')
  const codes = await say(twin, 'EHLO me', authPlain('secret'), ...envelope.slice(1), ...message)
  expect(codes.slice(2)).toEqual(['235', '250', '250', '354', '250'])
  expect(twin.messages()).toMatchObject([{ user: 'shop' }])
})

test('the page shows a hostile mail as text', async () => {
  const twin = await givenTwin()
  const hostile =
    'Subject: <script>alert(1)</script>\r\nContent-Type: text/html\r\n\r\n"></iframe><script>2</script>\r\n.'
  await say(twin, ...envelope, 'DATA', hostile)
  const page = renderPage(twin.messages())
  expect(page).not.toContain('<script')
  expect(page.match(/<\/iframe>/g)).toHaveLength(1)
  expect(page).toContain('<iframe sandbox ')
})

function authPlain(password: string): string {
  return `AUTH PLAIN ${Buffer.from(`\0shop\0${password}`).toString('base64')}`
}
