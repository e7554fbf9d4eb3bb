/**
 * How the binaries are run: PostgreSQL refuses to be root and initdb wants to know its user by name, so depending
 * on who we are they run as they are, inside a user namespace, or as another user.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { access, constants, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError, messageOf } from './failure.ts'
import { allowPassage, type Layout } from './files.ts'

export type Launcher = {
  readonly way: 'as ourselves' | 'user namespace' | 'another user'
  /** The kernel interrupts the server (fast shutdown) when this process dies, however it dies. */
  readonly diesWithUs: boolean
  /** To whom the files of the cluster belong on disk; null where files have no such owner. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  /** Starts one of the binaries in a session of its own: a Ctrl-C meant for us must not stop the database first. */
  spawn(binary: string, args: readonly string[]): ChildProcess
}

type Way = {
  readonly way: Launcher['way']
  readonly prefix: readonly string[]
  readonly owner: Launcher['owner']
  readonly switchesUser: boolean
}

/** A probe runs `postgres --version`; loading it from a cold disk may take seconds. */
const probeTimeoutMs = 15_000
const toolFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']

/**
 * Tries the ways in order of preference and takes the first that works.
 * @throws EmbeddedPostgresError `unavailable` with what each way said
 */
export async function chooseLauncher(binaries: Binaries, layout: Layout): Promise<Launcher> {
  const setpriv = process.platform === 'linux' ? await findTool('setpriv') : null
  const refusals: string[] = []
  for (const way of await listWays()) {
    if (way.switchesUser) await allowPassage(layout)
    const leash = setpriv ? [setpriv, '--pdeathsig', 'INT', '--'] : []
    const attempts = setpriv ? [leash, []] : [[]]
    for (const attempt of attempts) {
      const prefix = [...attempt, ...way.prefix]
      const refusal = await probe(prefix, way, binaries, layout)
      if (refusal === null) return launcher(prefix, way, binaries, attempt.length > 0)
      refusals.push(`${way.way}: ${refusal}`)
    }
  }
  throw new EmbeddedPostgresError(
    'unavailable',
    `the embedded PostgreSQL cannot be run here (${[...new Set(refusals)].join('; ')}); ` +
      'set DATABASE_URL to a PostgreSQL server, or start as an ordinary user with an entry in /etc/passwd',
  )
}

async function listWays(): Promise<readonly Way[]> {
  const uid = process.getuid?.()
  const gid = process.getgid?.()
  if (uid === undefined || gid === undefined)
    return [{ way: 'as ourselves', prefix: [], owner: null, switchesUser: false }]
  const ourselves = { uid, gid }
  if (uid !== 0 && hasName())
    return [{ way: 'as ourselves', prefix: [], owner: ourselves, switchesUser: false }]

  const nobody = await findUnprivilegedUser()
  const unshare = await findTool('unshare')
  const ways: Way[] = []
  if (nobody && unshare) {
    // Inside it we are called nobody; on disk everything stays ours.
    const map = [`--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`]
    const prefix = [unshare, '--user', ...map, '--']
    ways.push({ way: 'user namespace', prefix, owner: ourselves, switchesUser: false })
  }
  if (nobody && uid === 0)
    ways.push({ way: 'another user', prefix: [], owner: nobody, switchesUser: true })
  return ways
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

/** `nobody` when there is one. */
async function findUnprivilegedUser(): Promise<{ uid: number; gid: number } | null> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const users = text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.uid > 0 && user.gid > 0)
  const found = users.find((user) => user.name === 'nobody') ?? users[0]
  return found ? { uid: found.uid, gid: found.gid } : null
}

async function findTool(name: string): Promise<string | null> {
  for (const folder of toolFolders) {
    const path = `${folder}/${name}`
    const isExecutable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isExecutable) return path
  }
  return null
}

/** Null when the binaries run this way and, as another user, reach the data directory; otherwise what went wrong. */
async function probe(prefix: readonly string[], way: Way, binaries: Binaries, layout: Layout) {
  const commands = [[...prefix, binaries.postgres, '--version']]
  if (way.switchesUser) commands.push(['/bin/sh', '-c', 'cd "$1"', 'sh', layout.home])
  for (const [command, ...args] of commands) {
    try {
      await promisify(execFile)(command ?? '', args, {
        env: { ...binaries.environment },
        timeout: probeTimeoutMs,
        ...(way.switchesUser ? way.owner : {}),
      })
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
      return said || messageOf(error)
    }
  }
  return null
}

function launcher(
  prefix: readonly string[],
  way: Way,
  binaries: Binaries,
  diesWithUs: boolean,
): Launcher {
  return {
    way: way.way,
    diesWithUs,
    owner: way.owner,
    spawn: (binary, args) => {
      const [command, ...rest] = [...prefix, binary, ...args]
      return spawn(command ?? binary, rest, {
        env: { ...binaries.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        windowsHide: true,
        ...(way.switchesUser ? way.owner : {}),
      })
    },
  }
}
