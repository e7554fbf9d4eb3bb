/** `npm run bench`: Ashlar beside a bare server on the same PostgreSQL, in turns, workload by workload. */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/index.ts'
import { type Arguments, type PostingName, callNames, parseArguments, usage } from './arguments.ts'
import type { BareOptions } from './bare.ts'
import { signedEvent } from './events.ts'
import { type Round, type Sample, compare } from './figures.ts'
import { type Result, jsonLine, tableHead, tableLines } from './report.ts'
import { type Seed, sow } from './seed.ts'
import {
  type LoadGenerator,
  type Server,
  databaseConnections,
  startAshlar,
  startBare,
  startLoadGenerator,
  startWriters,
} from './servers.ts'
import { type Call, walletsOf, workloads } from './workloads.ts'

type Lab = {
  readonly ashlar: Server
  readonly bare: Server
  readonly load: LoadGenerator
  readonly seed: Seed
  readonly databaseUrl: string
}

const warmUpSeconds = 2
/** Of an answer that is not as it must be, in characters. */
const shownLength = 1_000

try {
  const given = parseArguments(process.argv.slice(2))
  if (given.isHelp) console.log(usage)
  else await run(given)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run(given: Arguments): Promise<void> {
  const closers: (() => Promise<unknown>)[] = []
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
  })
  try {
    await Promise.race([measureAll(given, closers), interrupted])
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}

async function measureAll(given: Arguments, closers: (() => Promise<unknown>)[]): Promise<void> {
  console.error('preparing PostgreSQL, 100,000 users and three processes…')
  const lab = await openLab(given, closers)
  if (!given.isJson) console.log(tableHead)
  for (const name of given.workloads) {
    const call = callNames.find((each) => each === name)
    const rounds = call
      ? await measureCalls(lab, workloads[call].calls(lab.seed), given)
      : await measurePosting(lab, name as PostingName, given)
    const result: Result = { workload: name, ...compare(rounds) }
    console.log(given.isJson ? jsonLine(result) : tableLines(result))
  }
}

async function openLab(given: Arguments, closers: (() => Promise<unknown>)[]): Promise<Lab> {
  const dir = await mkdtemp(path.join(tmpdir(), 'ashlar-bench-'))
  closers.push(() => rm(dir, { recursive: true, force: true }))
  if (given.profileDir) await mkdir(given.profileDir, { recursive: true })
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(dir, 'database') })
  closers.push(() => postgres.stop())
  const { appUrl, ownerUrl } = postgres
  const ashlar = await startAshlar({ dir, appUrl, ownerUrl, profileDir: given.profileDir })
  closers.push(() => ashlar.stop())
  const seed = await sow(ownerUrl, (cookie) => findCsrfToken(ashlar, cookie))
  const bare = await startBare({
    databaseUrl: appUrl,
    connections: databaseConnections,
    isPrepared: given.isBarePrepared,
    signIn: await findSignIn(ashlar, seed),
    userIds: seed.accounts.map(({ cookie, userId }) => [cookie, userId]),
  })
  closers.push(() => bare.stop())
  const load = startLoadGenerator()
  closers.push(() => load.stop())
  return { ashlar, bare, load, seed, databaseUrl: appUrl }
}

async function measureCalls(
  lab: Lab,
  calls: readonly Call[],
  { rounds, seconds, connections }: Arguments,
): Promise<Round[]> {
  await requireSameAnswer(lab, calls)
  const { ashlar, bare, load } = lab
  const ask = async (server: Server, duration: number): Promise<Sample> => {
    const before = await server.findUsage()
    const { seen, answers } = await load.measure({
      url: server.url,
      connections,
      seconds: duration,
      calls,
    })
    const { cpuSeconds, rssMb } = await server.findUsage()
    return { ...seen, rssMb, cpuMicros: ((cpuSeconds - before.cpuSeconds) / answers) * 1e6 }
  }
  for (const server of [ashlar, bare]) await ask(server, warmUpSeconds)
  return inTurns(
    rounds,
    () => ask(ashlar, seconds),
    () => ask(bare, seconds),
  )
}

/** As many writers as there are connections elsewhere, with the database connections of a server. */
async function measurePosting(
  { databaseUrl }: Lab,
  name: PostingName,
  { rounds, seconds, connections: writers }: Arguments,
): Promise<Round[]> {
  const owners = Array.from({ length: walletsOf[name] }, () => randomUUID())
  const options = { databaseUrl, connections: databaseConnections }
  const own = startWriters()
  const other = startWriters()
  const byAshlar = (duration: number) =>
    own.measure({ by: 'ashlar', options, owners, writers, seconds: duration })
  const byBare = (duration: number) =>
    other.measure({ by: 'bare', options, owners, writers, seconds: duration })
  try {
    // The first makes the wallets, and the second finds them.
    await byAshlar(warmUpSeconds)
    await byBare(warmUpSeconds)
    return await inTurns(
      rounds,
      () => byAshlar(seconds),
      () => byBare(seconds),
    )
  } finally {
    await Promise.all([own.stop(), other.stop()])
  }
}

/** In turns, and each round in the other order than the one before: drift of the machine falls on both. */
async function inTurns(
  rounds: number,
  ofAshlar: () => Promise<Sample>,
  ofBare: () => Promise<Sample>,
): Promise<Round[]> {
  const measured: Round[] = []
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const ashlar = await ofAshlar()
      measured.push({ ashlar, bare: await ofBare() })
    } else {
      const bare = await ofBare()
      measured.push({ ashlar: await ofAshlar(), bare })
    }
  }
  return measured
}

/** A comparison of servers that answer differently would compare nothing. What a call makes anew differs in value only. */
async function requireSameAnswer({ ashlar, bare }: Lab, calls: readonly Call[]): Promise<void> {
  const [call] = calls
  if (!call) throw new Error('there is nothing to call')
  const [own, other] = await Promise.all([answerOf(ashlar, call), answerOf(bare, call)])
  const isSame =
    call.method === 'GET'
      ? isDeepStrictEqual(withoutCursor(own), withoutCursor(other))
      : isDeepStrictEqual(shapeOf(own), shapeOf(other))
  if (!isSame)
    throw new Error(
      `${call.method} ${call.path} is answered differently:\n` +
        [own, other].map((answer) => JSON.stringify(answer).slice(0, shownLength)).join('\n'),
    )
}

async function answerOf(server: Server, given: Call) {
  const { eventSecret } = given
  const {
    path: target,
    method,
    headers,
    body,
  } = eventSecret === undefined ? given : signedEvent(given, eventSecret)
  const response = await fetch(`${server.url}${target}`, { method, headers, body: body ?? null })
  return { status: response.status, body: await response.json() }
}

/** A cursor is the server's own word, and each may write it as it likes. */
function withoutCursor(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, part: unknown) => (key === 'nextCursor' ? part !== null : part)),
  )
}

/** The same value with every text replaced by its length. */
function shapeOf(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.length : part)),
  )
}

/** How Ashlar answers a sign-in. */
async function findSignIn({ url }: Server, seed: Seed): Promise<BareOptions['signIn']> {
  const [call] = workloads.signin.calls(seed)
  if (!call) throw new Error('there are no accounts to sign in')
  const { path: target, method, headers, body } = call
  const response = await fetch(`${url}${target}`, { method, headers, body: body ?? null })
  if (!response.ok) throw new Error(`a sign-in was answered ${await response.text()}`)
  return (await response.json()) as BareOptions['signIn']
}

async function findCsrfToken(ashlar: Server, cookie: string): Promise<string> {
  const response = await fetch(`${ashlar.url}/api/v1/csrf-token`, { headers: { cookie } })
  const { data } = (await response.json()) as { data: { csrfToken: string } }
  return data.csrfToken
}
