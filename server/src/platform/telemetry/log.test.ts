/** The log's promises: its fields, what never gets in, and that a line is a line. */
import { DrizzleQueryError } from 'drizzle-orm'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type Log, type LogOptions, openLog } from './log.ts'
import { makeTemporaryDirectory, runProgram, telemetryUrl } from './testing.ts'

test('a line is one JSON object with timestamp, level, logger and message before the context', () => {
  const { log, lines } = recording()
  log.named('jobs').warn('a job was late', { job: 'mail.send', seconds: 4 })

  const [line] = lines()
  expect(line).toMatchObject({
    level: 'warn',
    logger: 'jobs',
    message: 'a job was late',
    job: 'mail.send',
    seconds: 4,
  })
  expect(new Date(String(line?.['timestamp'])).toISOString()).toBe(line?.['timestamp'])
})

test('lines below the level are not written', () => {
  const { log, lines } = recording({ level: 'warn' })
  log.info('quiet')
  log.request(request)
  log.error('loud')

  expect(lines().map((line) => line['message'])).toEqual(['loud'])
  expect([log.isEnabled('info'), log.isEnabled('error')]).toEqual([false, true])
})

test('a context cannot take the place of a field of the line', () => {
  const { log, text, lines } = recording()
  log.with({ request_id: 'r1' }).info('true', {
    level: 'fatal',
    message: 'forged',
    timestamp: 0,
    request_id: 'r2',
  })

  expect(lines()[0]).toMatchObject({ level: 'info', message: 'true', request_id: 'r1' })
  expect(lines()[0]).toMatchObject({ context_level: 'fatal', context_request_id: 'r2' })
  for (const name of ['level', 'message', 'timestamp', 'request_id', 'logger']) {
    expect(text().split(`"${name}":`)).toHaveLength(2)
  }
})

test('line ends, terminal codes and quotes stay inside their field', () => {
  const attack = 'x\r\n{"level":"fatal"}\u001b[2J\u2028","level":"fatal","x":"'
  for (const pretty of [false, true]) {
    const { log, text } = recording({ pretty })
    log.info(attack, { user_agent: attack, [attack]: 1 })
    log.named(attack).request({ ...request, path: `/${attack}`, client_ip: attack })

    expect(text().trimEnd().split(/\r?\n/)).toHaveLength(2)
    expect(text()).not.toContain('\u001b[2J')
    if (pretty) continue
    for (const line of text().trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ level: 'info' })
    }
  }
})

test('the request log has the agreed names and neither a query string nor a token', () => {
  const { log, lines, text } = recording()
  const token = 'k'.repeat(43)
  log.request({ ...request, path: '/search?token=hunter2', user_id: null })
  log.request({ ...request, path: `/invitations/${token}/accept`, trace_id: 'abc' })
  log.request({ ...request, path: `/${'long/'.repeat(1000)}` })
  log.request({ ...request, path: '/trace/ada@example.com' })
  log.request({ ...request, path: '/trace/ada%40example.com/x?y=z' })

  const { timestamp, pid, version, ...fields } = lines()[0] ?? {}
  expect([typeof timestamp, typeof pid, version]).toEqual(['string', 'number', '1.2.3'])
  expect(fields).toEqual({
    level: 'info',
    logger: 'http',
    message: 'request',
    request_id: 'r1',
    method: 'GET',
    path: '/search',
    status_code: 200,
    duration_ms: 1.235,
    client_ip: '127.0.0.1',
  })
  expect(lines()[1]).toMatchObject({ path: '/invitations/[redacted]/accept', trace_id: 'abc' })
  expect(text()).not.toContain('hunter2')
  expect(text()).not.toContain(token)
  expect(String(lines()[2]?.['path'])).toHaveLength(1024)
  expect(lines()[3]).toMatchObject({ path: '/trace/[redacted]' })
  expect(lines()[4]).toMatchObject({ path: '/trace/[redacted]/x' })
  expect(text()).not.toContain('ada')
})

test('an error is logged with its type, its frames and its causes', () => {
  const { log, lines } = recording()
  const cause = Object.assign(new Error('connect ECONNREFUSED'), {
    code: 'ECONNREFUSED',
    port: 5432,
  })
  log.error('it failed', { error: new TypeError('outer', { cause }) })

  const error = lines()[0]?.['error']
  expect(error).toMatchObject({
    type: 'TypeError',
    message: 'outer',
    cause: { type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', port: 5432 },
  })
  expect(error).toHaveProperty(
    'stack',
    expect.stringMatching(/^TypeError: outer\n\s+at .*log\.test\.ts/),
  )
})

test('no secret reaches the log at any level, in any place', () => {
  const { log, text } = recording({ level: 'trace' })
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
    for (const [message, context] of secretive()) log[level](message, context)
    for (const [message, context] of secretive()) log.with(context).named('x')[level](message)
    for (const [, context] of secretive()) log[level]('nested', { a: [{ b: { c: context } }] })
  }

  expect(text().match(/canary[^\s"]*/gi) ?? []).toEqual([])
  expect(text().trimEnd().split('\n')).toHaveLength(6 * 3 * secretive().length)
})

test('what is no secret stays readable', () => {
  const { log, lines } = recording()
  const harmless = {
    code: 'auth.invalid_credentials',
    errno: 'ECONNREFUSED',
    token_id: '0198c1f2-7c1e-7000-8000-000000000000',
    passwordChangedAt: '2026-01-01T00:00:00.000Z',
    total_tokens: 1234,
    hasPassword: true,
    resetToken: null,
    url: 'http://localhost:5000/users/@me',
    note: 'the token was missing',
    invoice: '2026-11-21 10:00:00',
    big: 12n,
    when: new Date(0),
    list: new Set([1, 2]),
  }
  log.info('duplicate key value violates unique constraint "users_email"', harmless)

  expect(lines()[0]).toMatchObject({
    ...harmless,
    message: 'duplicate key value violates unique constraint "users_email"',
    big: '12',
    when: '1970-01-01T00:00:00.000Z',
    list: [1, 2],
  })
})

test('whatever is put into a context, logging neither throws nor goes on for ever', () => {
  const { log, lines } = recording()
  const loop: Record<string, unknown> = { name: 'loop' }
  loop['self'] = loop
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index]))
  const trap = {
    get broken(): never {
      throw new Error('no')
    },
  }
  const deep = Array.from({ length: 50 }).reduce<object>((inner) => ({ inner }), {})
  log.info('odd', {
    loop,
    wide,
    trap,
    deep,
    bytes: Buffer.from('secret'),
    client: new AbortController(),
  })
  log.info('huge', {
    text: 'x'.repeat(1_000_000),
    array: Array.from({ length: 100_000 }).fill('y'),
  })

  expect(lines()[0]).toMatchObject({
    loop: { self: '[circular]' },
    trap: '[unreadable]',
    bytes: '[6 bytes]',
    client: '[AbortController]',
  })
  expect(JSON.stringify(lines()[1]).length).toBeLessThan(20_000)
})

test('the running trace is named in each line, unless the line names one', () => {
  const { log, lines } = recording({ traceIdOf: () => 'abc' })
  log.info('one')
  log.with({ trace_id: 'own' }).info('two')

  expect(lines().map((line) => line['trace_id'])).toEqual(['abc', 'own'])
})

test('with a directory, everything is in combined.log and errors are in error.log as well', async () => {
  const logDir = path.join(await makeTemporaryDirectory(), 'logs')
  const { log } = recording({ logDir })
  log.info('one')
  log.request(request)
  log.error('two')
  await log.close()

  const messages = async (name: string) =>
    parse(await readFile(path.join(logDir, name), 'utf8')).map((line) => line['message'])
  expect(await messages('combined.log')).toEqual(['one', 'request', 'two'])
  expect(await messages('error.log')).toEqual(['two'])
  await rm(path.dirname(logDir), { recursive: true })
})

test('an error is written at once, also when the process is killed right after', async () => {
  const { stdout } = await runProgram(`
    import { openLog } from '${telemetryUrl}'
    const log = openLog({ level: 'info', name: 'program', version: '1' })
    log.error('last words')
    // No timer of the log can run meanwhile, only the write that is under way.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    process.kill(process.pid, 'SIGKILL')`)

  expect(parse(stdout)).toMatchObject([{ message: 'last words' }])
})

test('the files of a process that exits at once hold its lines', async () => {
  const logDir = await makeTemporaryDirectory()
  await runProgram(`
    import { openLog } from '${telemetryUrl}'
    const log = openLog({ level: 'info', name: 'program', version: '1', logDir: '${logDir}' })
    log.info('first and last words')
    process.exit()`)

  const text = await readFile(path.join(logDir, 'combined.log'), 'utf8')
  await rm(logDir, { recursive: true })
  expect(parse(text)).toMatchObject([{ message: 'first and last words' }])
})

test('a process that simply ends has written its last line', async () => {
  const { stdout, exitCode } = await runProgram(`
    import { openLog } from '${telemetryUrl}'
    openLog({ level: 'info', name: 'program', version: '1' }).info('last words')`)

  expect(exitCode).toBe(0)
  expect(parse(stdout)).toMatchObject([{ message: 'last words' }])
})

test('the last lines before process.exit are written', async () => {
  const { stdout, exitCode } = await runProgram(`
    import { openLog } from '${telemetryUrl}'
    const log = openLog({ level: 'info', name: 'program', version: '1' })
    for (let number = 0; number < 500; number += 1) log.info('line', { number })
    process.exit(3)`)

  expect(exitCode).toBe(3)
  expect(parse(stdout).map((line) => line['number'])).toEqual(
    Array.from({ length: 500 }, (_, n) => n),
  )
})

const request = {
  request_id: 'r1',
  method: 'GET',
  path: '/',
  status_code: 200,
  duration_ms: 1.23456,
  client_ip: '127.0.0.1',
}

function recording(options: Partial<LogOptions> = {}): {
  log: Log
  text: () => string
  lines: () => Record<string, unknown>[]
} {
  let written = ''
  const output = { write: (text: string) => void (written += text) }
  const log = openLog({ level: 'info', name: 'test', version: '1.2.3', output, ...options })
  return { log, text: () => written, lines: () => parse(written) }
}

function parse(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
}

/** Messages and contexts that each hold a secret in another place. */
function secretive(): [message: string, context: Record<string, unknown>][] {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary-signature'
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "u"'), {
    code: '23505',
    detail: 'Key (email)=(canary@example.com) already exists.',
    where: 'unnamed portal parameter $1 = canary',
    internalQuery: "select 'canary'",
  })
  const failed = new DrizzleQueryError(
    'insert into "users" values ($1)',
    ['canary-1', 'canary-2'],
    cause,
  )
  const unreadable = Object.assign(new Error('invalid input syntax for type uuid: "canary"'), {
    code: '22P02',
  })
  const errorWithFields = Object.assign(new Error('x'), {
    config: { headers: { authorization: 'Bearer canary-token' } },
    response: { body: 'canary' },
    request: { password: 'canary' },
  })
  return [
    ['a', { password: 'canary' }],
    ['a', { currentPassword: 'canary', new_password: 'canary', passwordHash: '$argon2id$canary' }],
    ['a', { token: 'canary', access_token: 'canary', refreshToken: 'canary', csrfToken: 'canary' }],
    ['a', { totp: 'canary', code: 'canary-1', otp: 'canary' }],
    ['a', { backupCode: 'canary', backup_codes: ['canary-1', 'canary-2'], codes: ['canary'] }],
    [
      'a',
      { headers: { cookie: 'sid=canary', 'set-cookie': ['sid=canary'], 'x-api-key': 'canary' } },
    ],
    ['a', { headers: { Authorization: 'Basic canary', 'X-CSRF-Token': 'canary' } }],
    ['a', { webhookSecret: 'canary', STRIPE_WEBHOOK_SECRET: 'canary', signature: 'canary' }],
    ['a', { card: 'canary', card_number: 'canary', cvc: 'canary', cvv: 'canary' }],
    ['a', { smtp: { host: 'mail', auth: { user: 'me', pass: 'canary' } } }],
    ['a', { DATABASE_URL: 'postgres://ashlar:canary@db:5432/ashlar' }],
    ['a', { url: 'postgres://ashlar:canary@db:5432/ashlar', other: 'redis://:canary@redis:6379' }],
    ['a', { url: new URL('smtp://user:canary@mail.example.com') }],
    ['a', { url: 'https://example.com/reset?token=canary&x=1', link: '/verify?code=canary' }],
    ['a', { url: 'smtp://user:can/canary@mail.example.com' }],
    ['a', { text: `jwt ${jwt} here`, key: 'ash_canary_token_1', other: 'sk_live_canary123' }],
    ['a', { text: 'Authorization: Bearer canary.token', cookie: 'canary' }],
    ['a', { body: '{"email":"a@b.c","password":"can\\"canary","token":"canary"}' }],
    ['a', { text: JSON.stringify({ inner: JSON.stringify({ password: 'canary' }) }) }],
    ['Cookie: __Host-session=canary; other=canary', {}],
    ['could not connect to postgres://ashlar:canary@db/ashlar', {}],
    ['login failed for password=canary', {}],
    ['webhook secret whsec_canarycanary was refused', {}],
    ['-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----', {}],
    ['a', { error: failed }],
    ['a', { error: new Error('request failed', { cause: failed }) }],
    ['a', { error: new AggregateError([failed, unreadable], 'all failed') }],
    ['a', { error: unreadable }],
    ['a', { error: errorWithFields }],
    ['a', { error: new Error('fetch https://u:canary@example.com/?api_key=canary failed') }],
    ['a', { [`ash_canary${'x'.repeat(40)}`]: 1 }],
    ['a', { map: new Map([['password', 'canary']]), list: [{ secret: 'canary' }] }],
    ['a', { privateKey: Buffer.from('canary'), credentials: { any: 'canary' } }],
  ]
}
