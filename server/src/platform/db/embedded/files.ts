/** Where everything of the embedded server lies on disk, and writing it so that a crash leaves old or new. */
import { randomBytes } from 'node:crypto'
import {
  chmod,
  lchown,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf } from './failure.ts'

export type Layout = {
  /** `<dataDir>/postgres`: ours alone. */
  readonly home: string
  /** PostgreSQL's own data directory. It exists only once initdb has finished in it. */
  readonly cluster: string
  /** Prefix of the directories in which initdb works; whatever carries it is rubbish at the next start. */
  readonly stagingPrefix: string
  readonly credentials: string
  /** Which databases are completely set up. Written last. */
  readonly marker: string
  /** The port used last. */
  readonly port: string
  /** Links to the libraries, when the package itself cannot be written to. */
  readonly libraries: string
}

export function layoutOf(dataDir: string): Layout {
  const home = join(resolve(dataDir), 'postgres')
  return {
    home,
    cluster: join(home, 'cluster'),
    stagingPrefix: 'cluster.new-',
    credentials: join(home, 'credentials.json'),
    marker: join(home, 'ready.json'),
    port: join(home, 'port.json'),
    libraries: join(home, 'libraries'),
  }
}

/** Creates the directories with mode 0700; one that exists keeps its mode. */
export async function createHome(layout: Layout): Promise<void> {
  await mkdir(layout.home, { recursive: true, mode: 0o700 })
}

/** Lets another user pass through to what lies below, without seeing what is there. */
export async function allowPassage(layout: Layout): Promise<void> {
  for (const directory of [dirname(layout.home), layout.home]) {
    const { mode } = await lstat(directory)
    await chmod(directory, (mode & 0o777) | 0o011)
  }
}

/** Gives a tree to a user. The top goes last: it tells whether the change was completed. */
export async function giveTree(path: string, uid: number, gid: number): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await giveTree(inner, uid, gid)
    else await lchown(inner, uid, gid)
  }
  await lchown(path, uid, gid)
}

/** Removes what killed processes left half done. Only for the holder; a file being written now is younger than this. */
export async function removeRubbish(layout: Layout): Promise<void> {
  const rubbishAgeMs = 60_000
  for (const name of await readdir(layout.home)) {
    const path = join(layout.home, name)
    if (name.startsWith(layout.stagingPrefix)) {
      // An initdb that outlived its parent may still be adding files: try for two seconds.
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 10 })
    } else if (name.endsWith('.tmp')) {
      const found = await lstat(path).catch(() => null)
      if (found && Date.now() - found.mtimeMs > rubbishAgeMs) await rm(path, { force: true })
    }
  }
}

/** Replaces a file by a complete new one that survives a power failure. */
export async function writeDurably(path: string, content: unknown): Promise<void> {
  const temporary = await writeAside(path, content)
  await rename(temporary, path)
  await syncDirectory(dirname(path))
}

/** Creates a file with its complete content, or returns false when the name is taken. Exactly one caller wins. */
export async function createExclusively(path: string, content: unknown): Promise<boolean> {
  const temporary = await writeAside(path, content)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** The parsed file; null when there is none or when it is no JSON object. */
export async function findJson(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** Makes a rename or a new name in the directory survive a power failure. Windows has no such call. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function writeAside(path: string, content: unknown): Promise<string> {
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(content)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}
