/** The package's shape: what it contains, how it resolves, how small it gets, and that the guide says only what runs. */
import { execFile } from 'node:child_process'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Project,
  bundleForBrowser,
  installSdk,
  typesOfNode,
  typescript,
} from './testing-pack.ts'

const run = promisify(execFile)
const maxSignInBytes = 8 * 1024
const rooms = (await readdir(path.join(import.meta.dirname, 'src/generated'))).map((name) =>
  path.basename(name, '.ts'),
)

let project: Project
beforeAll(async () => {
  project = await installSdk()
})
afterAll(() => project?.remove())

test('publint finds nothing to say', async () => {
  const { messages, pkg } = await publint({
    pack: { tarball: Uint8Array.from(project.tarball).buffer },
  })
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
})

test('types resolve wherever ES modules do, for every room', async () => {
  const entrypoints = ['.', ...rooms.map((room) => `./${room}`)]
  const analysis = await checkPackage(createPackageFromTarballData(project.tarball), {
    entrypoints,
  })
  if (analysis.types === false) throw new Error('the package has no types')
  expect(Object.keys(analysis.entrypoints).toSorted()).toEqual(entrypoints.toSorted())
  // CommonJS loads ES modules since Node 20.19; resolution from before `exports` (node10) is not served.
  const served = analysis.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' &&
      !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  )
  expect(served).toEqual([])
})

test('the package is built code, its types, the guide and the licence, and needs no other package', async () => {
  const installed = path.join(project.path, 'node_modules/@ashlar/sdk')
  const names = await readdir(installed, { recursive: true })
  const files = names.filter((name) => path.extname(name) !== '' || name === 'LICENSE')
  expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']))
  const rest = files.filter(
    (name) => !/^dist\/(?:generated\/)?[a-z0-9-]+\.(?:js|d\.ts)$/.test(name),
  )
  expect(rest.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json'])
  const manifest = JSON.parse(
    await readFile(path.join(installed, 'package.json'), 'utf8'),
  ) as object
  expect(manifest).toMatchObject({ sideEffects: false })
  expect(Object.keys(manifest)).not.toContain('dependencies')
})

test.each(['NodeNext', 'Bundler'])(
  'the examples compile against the installed package (%s)',
  async (resolution) => {
    const isBundler = resolution === 'Bundler'
    const config = path.join(project.path, `tsconfig.${resolution}.json`)
    const compilerOptions = {
      target: 'ES2022',
      module: isBundler ? 'ESNext' : 'NodeNext',
      moduleResolution: resolution,
      lib: ['ES2022', 'DOM', 'DOM.Iterable'],
      strict: true,
      exactOptionalPropertyTypes: true,
      // The package's own declarations are checked, too.
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
      typeRoots: [typesOfNode],
    }
    await writeFile(config, JSON.stringify({ compilerOptions, include: ['examples'] }))
    const compiled = await run(process.execPath, [typescript, '-p', config]).catch(
      ({ stdout }: { stdout: string }) => ({ stdout }),
    )
    expect(compiled.stdout).toBe('')
  },
)

test('a page that only signs in loads less than 8 kB of it', async () => {
  const entry = path.join(project.path, 'sign-in.js')
  await writeFile(
    entry,
    `import { cookieSession, createClient } from '@ashlar/sdk'
     import * as auth from '@ashlar/sdk/auth'
     const ashlar = createClient({ baseUrl: '', credential: cookieSession() })
     export const signIn = (email, password) => auth.login(ashlar, { body: { email, password } })`,
  )
  const code = await bundleForBrowser(entry)
  expect(code).toContain('/api/v1/auth/login')
  expect(code).not.toContain('/api/v1/auth/logout')
  expect(code).not.toContain('whsec_')
  expect(gzipSync(code).length).toBeLessThan(maxSignInBytes)
})

test('whatever the guide shows is a part of an example that runs', async () => {
  const guide = await readFile(path.join(import.meta.dirname, 'README.md'), 'utf8')
  const names = await readdir(project.examples)
  const examples = await Promise.all(
    names.map((name) => readFile(path.join(project.examples, name), 'utf8')),
  )
  const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
  expect(shown.length).toBeGreaterThan(5)
  for (const code of shown)
    expect(
      examples.some((example) => plain(example).includes(plain(code))),
      code,
    ).toBe(true)
  for (const name of names) expect(guide).toContain(`examples/${name}`)
})

/** Without indentation, which depends on where something stands. */
const plain = (code: string) => code.replaceAll(/^ +/gm, '').trim()
