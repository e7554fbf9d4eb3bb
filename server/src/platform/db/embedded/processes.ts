/** Telling processes apart: whether a pid still means the process it meant, and which servers use a directory. */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { promisify } from 'node:util'
import { codeOf } from './failure.ts'

/**
 * What a pid means only inside: the boot and, on Linux, the pid namespace (two containers both have a pid 1).
 * Elsewhere an empty string: one machine, one namespace.
 */
export async function pidNamespace(): Promise<string> {
  if (process.platform !== 'linux') return ''
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    readlink('/proc/self/ns/pid'),
  ])
  return `${boot.trim()} ${namespace}`
}

/**
 * A token of the process that has this pid now, null when none runs. Two processes that get the same pid one
 * after the other have different tokens. A zombie does not run. Source of the fields: proc_pid_stat(5).
 */
export async function findProcessToken(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readOrNull(`/proc/${pid}/stat`)
    // The second field, the name, may itself contain spaces and brackets: count from its last bracket.
    const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
    if (state === undefined || state === 'Z' || state === 'X') return null
    const startTimeTicks = fields[18]
    return startTimeTicks ?? null
  }
  if (!isNumberTaken(pid)) return null
  if (process.platform === 'win32') return 'running'
  const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { LC_ALL: 'C', TZ: 'UTC' },
  }).catch(() => ({ stdout: '' }))
  return stdout.trim() || null
}

/** False as soon as the process ended, even when its pid already belongs to another. */
export async function isRunning(pid: number, token: string): Promise<boolean> {
  return (await findProcessToken(pid)) === token
}

/**
 * Whether the process is a PostgreSQL server or backend of this data directory: each of them works inside it.
 * `maybe` where that cannot be seen: outside Linux, and for a process of another user without the right to trace it.
 */
export async function isServerOf(
  dataDirectory: string,
  pid: number,
): Promise<'yes' | 'no' | 'maybe'> {
  if ((await findProcessToken(pid)) === null) return 'no'
  if (process.platform !== 'linux') return 'maybe'
  const name = await readOrNull(`/proc/${pid}/comm`)
  if (name?.trim() !== 'postgres') return 'no'
  try {
    const directory = await readlink(`/proc/${pid}/cwd`)
    return directory === (await realpath(dataDirectory)) ? 'yes' : 'no'
  } catch (error) {
    return ['EACCES', 'EPERM'].includes(codeOf(error)) ? 'maybe' : 'no'
  }
}

/** The PostgreSQL processes that certainly use this data directory; only Linux can find any. */
export async function listServersOf(dataDirectory: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const answers = await Promise.all(pids.map((pid) => isServerOf(dataDirectory, pid)))
  return pids.filter((_, index) => answers[index] === 'yes')
}

/** Whether the system still uses this process number, be it for a zombie. */
export function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  // Zero and negative numbers mean groups of processes, our own among them.
  if (!(pid > 0)) throw new RangeError(`no process has the number ${pid}`)
  try {
    process.kill(pid, name)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}
