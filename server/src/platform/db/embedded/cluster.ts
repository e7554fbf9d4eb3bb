/** PostgreSQL's data directory: made by initdb out of sight, and only then given its name. */
import { randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { majorVersion, type Binaries } from './binaries.ts'
import { roles, type Credentials } from './credentials.ts'
import { EmbeddedPostgresError } from './failure.ts'
import { exists, giveTree, syncDirectory, type Layout } from './files.ts'
import type { Launcher } from './launcher.ts'

/** initdb takes one second; a slow disk may take ten times that. After this it is hung. */
const initdbTimeoutMs = 120_000

/** Creates the cluster. Killed at any point it leaves only a staging directory, which the next start removes. */
export async function createCluster(
  layout: Layout,
  binaries: Binaries,
  launcher: Launcher,
  credentials: Credentials,
  isDurable: boolean,
): Promise<void> {
  const staging = join(
    layout.home,
    `${layout.stagingPrefix}${process.pid}-${randomBytes(4).toString('hex')}`,
  )
  // initdb may run as another user, who can read no file of ours: the password lies in a directory of its own.
  const data = join(staging, 'data')
  const passwordFile = join(staging, 'password')
  try {
    await mkdir(staging, { mode: 0o700 })
    await mkdir(data, { mode: 0o700 })
    await writeFile(passwordFile, `${credentials.admin}\n`, { mode: 0o600, flag: 'wx' })
    if (launcher.owner)
      for (const path of [data, passwordFile, staging])
        await chown(path, launcher.owner.uid, launcher.owner.gid)
    await runInitdb(binaries, launcher, data, passwordFile, isDurable)
    await rename(data, layout.cluster)
    await syncDirectory(layout.home)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/**
 * Checks that this version can open the cluster and that its files belong to whoever will run it. Only root can
 * change the latter; it does when, say, a container lost the right to make namespaces. No server may be running.
 * @throws EmbeddedPostgresError `damaged`
 */
export async function prepareCluster(layout: Layout, launcher: Launcher): Promise<void> {
  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(() => '')
  if (version.trim() !== majorVersion)
    throw new EmbeddedPostgresError(
      'damaged',
      `${layout.cluster} was made by PostgreSQL ${version.trim() || '(unknown)'}, and this is ${majorVersion}; ` +
        'open it with the earlier release, export, and import here',
    )
  if (!launcher.owner) return
  const { uid } = await lstat(layout.cluster)
  if (uid === launcher.owner.uid) return
  if (process.getuid?.() !== 0)
    throw new EmbeddedPostgresError(
      'damaged',
      `${layout.cluster} belongs to user ${uid} and this process runs as user ${launcher.owner.uid}; ` +
        'start as the owner, or give the directory to this user with chown -R',
    )
  await giveTree(layout.cluster, launcher.owner.uid, launcher.owner.gid)
}

export async function hasCluster(layout: Layout): Promise<boolean> {
  return exists(layout.cluster)
}

async function runInitdb(
  binaries: Binaries,
  launcher: Launcher,
  data: string,
  passwordFile: string,
  isDurable: boolean,
): Promise<void> {
  const child = launcher.spawn(binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${roles.admin}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorting and upper case come from PostgreSQL itself, so an index stays right on a machine with another libc.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${systemLocale()}`,
    '--no-instructions',
    ...(isDurable ? [] : ['--no-sync']),
  ])
  const timer = setTimeout(() => child.kill('SIGKILL'), initdbTimeoutMs)
  try {
    const [output, errors, ended] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      new Promise<number | string>((resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
      }),
    ])
    if (ended !== 0)
      throw new EmbeddedPostgresError(
        'failed',
        `initdb ended with ${ended}: ${errors.trim() || output.trim()}`,
      )
  } finally {
    clearTimeout(timer)
  }
}

/** What the C library is told for character classes; full text search asks it. */
function systemLocale(): string {
  if (process.platform === 'darwin') return 'en_US.UTF-8'
  return process.platform === 'win32' ? 'C' : 'C.UTF-8'
}
