/**
 * Who holds the data directory. One file per generation, `holder-<n>.json`; the highest one counts and is never
 * deleted by anyone but its successor, so taking over a dead holder is one atomic step: creating the next number.
 */
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, EmbeddedPostgresError } from './failure.ts'
import { createExclusively, findJson, writeDurably } from './files.ts'
import { findProcessToken, isRunning, pidNamespace } from './processes.ts'

export type Holder = {
  /** Adds the address people reach this process at, for the message that a second start prints. */
  recordUrl(url: string): Promise<void>
  release(): Promise<void>
}

type Entry = {
  readonly pid: number
  readonly token: string
  readonly namespace: string
  readonly since: string
  readonly url: string | null
  readonly released: boolean
}

/** Sign of life for those who cannot see our pid: processes in other containers on the same volume. */
const heartbeatMs = 1_000
/** Such an onlooker takes a holder for dead after this silence. Four missed beats: a blocked event loop is shorter. */
const silenceMs = 4_000
/** Every lost round means that another contender got further, so this many rounds are never needed. */
const rounds = 50

/**
 * Takes the directory for this process. A holder that was killed is replaced; of several contenders exactly one wins.
 * `onLost` is called when another process took the directory over in the belief that this one had died.
 * @throws EmbeddedPostgresError `held`, naming the holder.
 */
export async function takeDirectory(directory: string, onLost: () => void): Promise<Holder> {
  const token = await findProcessToken(process.pid)
  if (token === null) throw new Error('this process cannot find itself among the processes')
  const entry: Entry = {
    pid: process.pid,
    token,
    namespace: await pidNamespace(),
    since: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    url: null,
    released: false,
  }
  for (let round = 0; round < rounds; round++) {
    const highest = (await listGenerations(directory)).at(-1) ?? 0
    const current = highest > 0 ? await findEntry(directory, highest) : null
    if (current && (await isHeld(directory, highest, current, entry.namespace)))
      throw heldBy(directory, current)
    const mine = highest + 1
    if (!(await createExclusively(pathOf(directory, mine), entry))) continue
    const generations = await listGenerations(directory)
    if (generations.at(-1) === mine) {
      for (const older of generations.slice(0, -1))
        await rm(pathOf(directory, older), { force: true })
      return hold(directory, mine, entry, onLost)
    }
    // Others went past this number, and its file away, while we were looking: it was ours in name only.
    await rm(pathOf(directory, mine), { force: true })
  }
  throw new EmbeddedPostgresError('held', `other processes keep taking ${directory}; try again`)
}

function hold(directory: string, generation: number, entry: Entry, onLost: () => void): Holder {
  const path = pathOf(directory, generation)
  const timer = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') return
      clearInterval(timer)
      onLost()
    })
  }, heartbeatMs)
  timer.unref()
  let written = entry
  const rewrite = async (change: Partial<Entry>) => {
    // After a take-over the file is gone; writing it again would only bring back a number that counts no more.
    if (!(await findEntry(directory, generation))) return
    written = { ...written, ...change }
    await writeDurably(path, written)
  }
  return {
    recordUrl: (url) => rewrite({ url }),
    release: async () => {
      clearInterval(timer)
      await rewrite({ released: true })
    },
  }
}

async function isHeld(directory: string, generation: number, entry: Entry, namespace: string) {
  if (entry.released) return false
  if (entry.namespace === namespace) return isRunning(entry.pid, entry.token)
  // Another boot, machine or container: the pid says nothing, only the heartbeat does.
  const path = pathOf(directory, generation)
  const first = await lastBeatMs(path)
  const silentForMs = Math.max(0, Date.now() - first)
  const until = performance.now() + silenceMs - silentForMs
  while (performance.now() < until) {
    await sleep(heartbeatMs / 4)
    if ((await lastBeatMs(path)) !== first) return true
  }
  return false
}

async function lastBeatMs(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  )
}

function heldBy(directory: string, entry: Entry): EmbeddedPostgresError {
  const who = entry.pid === process.pid ? `this process (pid ${entry.pid})` : `process ${entry.pid}`
  const where = entry.url ? `, reachable at ${entry.url}` : ''
  return new EmbeddedPostgresError(
    'held',
    `the database in ${directory} is in use by ${who}, running since ${entry.since}${where}; ` +
      'stop it first, or give this one another data directory',
  )
}

async function listGenerations(directory: string): Promise<number[]> {
  const numbers = (await readdir(directory))
    .map((name) => /^holder-(\d+)\.json$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
  return numbers.sort((a, b) => a - b)
}

/** Null for a file that is gone or, after a power failure, unreadable: files appear complete, so no one holds it. */
async function findEntry(directory: string, generation: number): Promise<Entry | null> {
  const found = await findJson(pathOf(directory, generation))
  if (!found) return null
  const { pid, token, namespace, since, url, released } = found
  if (typeof pid !== 'number' || typeof token !== 'string' || typeof namespace !== 'string')
    return null
  return {
    pid,
    token,
    namespace,
    since: typeof since === 'string' ? since : 'an unknown time',
    url: typeof url === 'string' ? url : null,
    released: released === true,
  }
}

function pathOf(directory: string, generation: number): string {
  return join(directory, `holder-${generation}.json`)
}
