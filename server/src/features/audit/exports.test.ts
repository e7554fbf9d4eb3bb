/** The log as a file: whole, harmless in a spreadsheet, however long it is, and recorded. */
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { eventually, goodPassword, startServer } from '../../app/testing.ts'
import { givenAdmin } from '../admin/testing.ts'
import { cellOf, pageRows } from './exports.ts'
import { givenFacts, givenManyFacts, logs, newAction } from './testing.ts'

const server = await startServer()
const admin = await givenAdmin(server, 'admin')
await server.app.listen({ port: 0, host: '127.0.0.1' })
const { port } = server.app.server.address() as AddressInfo

const exportUrl = (format: string, query: string) => `${logs}/export?format=${format}&${query}`

/** Opens an export on a connection of its own. */
async function open(url: string, who: { readonly accessToken: string } = admin) {
  const asked = request({
    port,
    path: url,
    headers: { authorization: `Bearer ${who.accessToken}` },
    agent: false,
  }).end()
  const [answer] = await once(asked, 'response')
  return answer as import('node:http').IncomingMessage
}

/** Reads RFC 4180 as a spreadsheet does. */
function parseCsv(text: string): string[][] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)]
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of cells) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

test('NDJSON has a line for each entry, oldest first, the same as the log shows', async () => {
  const { name, ids } = await givenFacts(server, 3)
  const reply = await admin.get(exportUrl('ndjson', `action=${name}`))
  expect(reply).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="audit-\d{4}-\d\d-\d\d\.ndjson"$/,
      ),
    },
  })
  const lines = reply.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ id }) => id)).toEqual(ids)
  const shown = (await admin.get(`${logs}?action=${name}`)).body.data
  expect(lines).toEqual(shown.toReversed())
})

test('CSV has a header and a row for each entry, and no cell that a spreadsheet would run', async () => {
  const { name } = await givenFacts(server, 1)
  for (const subject of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '\rx',
    'a "quoted", text\nin lines',
  ])
    await server.ctx().tx((tx) => tx.record({ name }, subject, { subject }))
  const reply = await admin.get(exportUrl('csv', `action=${name}`))
  expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8')
  const [header = [], ...rows] = parseCsv(reply.text)
  expect(header).toEqual([
    'id',
    'at',
    'action',
    'status',
    'actorKind',
    'actorId',
    'onBehalfOf',
    'subjectId',
    'ip',
    'requestId',
    'data',
    'before',
    'after',
  ])
  const column = header.indexOf('subjectId')
  expect(rows.map((row) => row[column])).toEqual([
    'subject-0',
    "'=1+1",
    "'+1",
    "'-1",
    "'@SUM(A1)",
    "'\tx",
    "'\rx",
    'a "quoted", text\nin lines',
  ])
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
  expect(JSON.parse(rows[1]?.[header.indexOf('data')] ?? '')).toEqual({ subject: '=1+1' })
})

test.each([
  ['', ''],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['=a"b', '"\'=a""b"'],
  ['-', "'-"],
  ['a=b', 'a=b'],
])('the cell %j is written %j', (value, cell) => {
  expect(cellOf(value)).toBe(cell)
})

test('is recorded before the first line is sent, and holds what there was by then', async () => {
  const { name } = await givenFacts(server, 2)
  const reply = await admin.get(exportUrl('ndjson', `action=${name}&status=succeeded`))
  expect(reply.text.trimEnd().split('\n')).toHaveLength(2)
  expect((await server.facts()).at(-1)).toMatchObject({
    name: 'audit.exported',
    actorId: admin.userId,
    data: { format: 'ndjson', filter: { action: name, status: 'succeeded' } },
  })
})

test('wants a format, a code of an authenticator whoever asks, and the permission', async () => {
  expect((await admin.get(`${logs}/export`)).status).toBe(422)
  expect((await admin.get(exportUrl('xml', ''))).status).toBe(422)
  const other = await server.as('admin')
  expect(await other.get(exportUrl('csv', ''))).toMatchObject({
    status: 403,
    body: { code: 'admin.mfa_required', hasAuthenticator: false },
  })
  const made = await other.post('/api/v1/auth/api-keys', { name: 'key' })
  const key = server.clientWith(null, { authorization: `Bearer ${made.body.data.key}` })
  expect((await key.get(logs)).status).toBe(200)
  expect(await key.get(exportUrl('csv', ''))).toMatchObject({
    status: 403,
    body: { code: 'access.session_required' },
  })
})

/** What is in use, without what only waits to be collected. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return getHeapStatistics().used_heap_size
}

/** How many times the log was read so far. */
async function pagesRead(): Promise<number> {
  const { body } = await server.metrics.render()
  const counted =
    /database_query_duration_seconds_count\{operation="select",table="platform_events"\} (\d+)/
  return Number(counted.exec(body)?.[1] ?? 0)
}

/** Waits until nothing is read any more. */
async function quiet(): Promise<number> {
  let last = -1
  return eventually(async () => {
    const now = await pagesRead()
    const isQuiet = now === last
    last = now
    await new Promise((resolve) => setTimeout(resolve, 250))
    return isQuiet && now
  })
}

test('a hundred thousand entries are sent whole, and never held in memory together', async () => {
  const name = newAction()
  await givenManyFacts(server, 100_000, name)
  const answer = await open(exportUrl('csv', `action=${name}`))
  const before = liveHeap()
  let [most, bytes, lines] = [0, 0, 0]
  for await (const chunk of answer) {
    const step = Math.floor(bytes / 8_000_000)
    bytes += chunk.length
    for (const byte of chunk as Buffer) if (byte === 10) lines += 1
    if (Math.floor(bytes / 8_000_000) > step) most = Math.max(most, liveHeap() - before)
  }
  expect(lines).toBe(100_001)
  expect(bytes).toBeGreaterThan(30_000_000)
  // Some pages; all rows as objects would take several times what their text does.
  expect(most).toBeLessThan(bytes / 2)

  // A reader who does not read keeps the rest in the database; one who goes away ends it.
  const start = await quiet()
  const waiting = await open(exportUrl('ndjson', `action=${name}`))
  await once(waiting, 'readable')
  expect((await quiet()) - start).toBeLessThan(100_000 / pageRows / 2)
  waiting.destroy()
  const end = await quiet()
  expect(end - start).toBeLessThan(100_000 / pageRows / 2 + 2)
  const { pool } = server.process.database
  await eventually(async () => pool.idleCount === pool.totalCount)
  expect(server.failures).toEqual([])
}, 300_000)

/** Reads a little of a long export, lets something happen, reads on; how many lines came, and whether the end did. */
async function readAround(
  who: { readonly accessToken: string },
  name: string,
  event: () => Promise<unknown>,
): Promise<{ lines: number; isWhole: boolean }> {
  const answer = await open(exportUrl('ndjson', `action=${name}`), who)
  expect(answer.statusCode).toBe(200)
  let lines = 0
  try {
    await once(answer, 'readable')
    await event()
  } catch (error) {
    answer.destroy()
    throw error
  }
  try {
    for await (const chunk of answer)
      for (const byte of chunk as Buffer) if (byte === 10) lines += 1
  } catch {
    return { lines, isWhole: false }
  }
  return { lines, isWhole: answer.complete }
}

test('whoever loses the right to it while they take it away gets no more, and that is recorded', async () => {
  const name = newAction()
  const many = 60_000
  await givenManyFacts(server, many, name)
  const boss = await givenAdmin(server)
  const cutOffs = async () =>
    (await server.facts()).filter((fact) => fact.name === 'audit.export_cut_off')

  const other = await server.as('admin')
  const demote = (who: { readonly userId: string | null }) =>
    boss.delete(`/api/v1/admin/users/${who.userId}/roles/admin`)
  const whole = await readAround(admin, name, async () =>
    expect((await demote(other)).status).toBe(204),
  )
  expect(whole).toEqual({ lines: many, isWhole: true })
  expect(await cutOffs()).toEqual([])

  const demoted = await givenAdmin(server, 'admin')
  const renewed = await givenAdmin(server, 'admin')
  const suspended = await givenAdmin(server, 'admin')
  const signedOut = await givenAdmin(server, 'admin')
  const kept = ['audit.read', 'twofa.manage', 'admin.read_users'].map((permission) => ({
    permission,
  }))
  const rules = [{ permission: 'audit.export' }, ...kept]
  const made = await boss.post('/api/v1/roles', { name: 'auditors', rules })
  expect(made.status).toBe(201)
  const auditor = await givenAdmin(server, 'auditors')
  const losses = [
    [demoted, () => demote(demoted)],
    [auditor, () => boss.patch('/api/v1/roles/auditors', { rules: kept })],
    [
      suspended,
      () =>
        boss.post(`/api/v1/admin/users/${suspended.userId}/suspend`, {
          reason: 'takes the log away',
        }),
    ],
    [signedOut, () => signedOut.post('/api/v1/auth/logout', {})],
    [renewed, () => renewed.post('/api/v1/auth/step-up', { password: goodPassword })],
  ] as const
  for (const [who, lose] of losses) {
    const { lines, isWhole } = await readAround(who, name, async () =>
      expect([200, 204]).toContain((await lose()).status),
    )
    expect(isWhole).toBe(false)
    expect(lines).toBeGreaterThan(0)
    expect(lines).toBeLessThan(many)
    expect((await cutOffs()).at(-1)).toMatchObject({
      actorId: who.userId,
      data: { rows: expect.any(Number) },
    })
  }
  expect(await cutOffs()).toHaveLength(losses.length)
  expect(server.failures).toEqual([])
}, 300_000)
