/** The links that npm packages cannot hold. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { linkLibraries } from './binaries.ts'

const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

test('missing links are made by many at once, and a broken one is replaced', async () => {
  const { native, elsewhere } = await givenPackage()
  await symlink('libx.so.0.9', join(native, 'lib', 'libx.so.1'))

  const added = await Promise.all(
    Array.from({ length: 10 }, () => linkLibraries(native, elsewhere)),
  )
  expect(added).toEqual(Array.from({ length: 10 }, () => ({})))
  expect(await readFile(join(native, 'lib', 'libx.so.1'), 'utf8')).toBe('the library')
  expect(await readFile(join(native, 'lib', 'libx.so'), 'utf8')).toBe('the library')
  expect((await readdir(join(native, 'lib'))).sort()).toEqual([
    'libx.so',
    'libx.so.1',
    'libx.so.1.2',
  ])
})

test('links of a read-only package go elsewhere', async () => {
  const { root, native, elsewhere } = await givenPackage()
  await chmod(join(native, 'lib'), 0o555)
  // Root may write everywhere, so the process that links becomes somebody else first.
  await chmod(root, 0o777)

  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL('binaries.child.ts', import.meta.url)),
    native,
    elsewhere,
  ])
  expect(Object.values(JSON.parse(stdout))).toEqual([`${elsewhere}:${join(native, 'lib')}`])
  expect(await readFile(join(elsewhere, 'libx.so.1'), 'utf8')).toBe('the library')
  await chmod(join(native, 'lib'), 0o755)
})

async function givenPackage() {
  const root = await mkdtemp(join(tmpdir(), 'ashlar-binaries-'))
  undo.push(() => rm(root, { recursive: true, force: true }))
  const native = join(root, 'native')
  await mkdir(join(native, 'lib'), { recursive: true })
  await writeFile(join(native, 'lib', 'libx.so.1.2'), 'the library')
  const links = ['libx.so', 'libx.so.1'].map((name) => ({
    source: 'native/lib/libx.so.1.2',
    target: `native/lib/${name}`,
  }))
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links))
  return { root, native, elsewhere: join(root, 'elsewhere') }
}
