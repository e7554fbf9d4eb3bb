/** The package as somebody gets it from a registry: built, packed and installed in a project of its own. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'

const run = promisify(execFile)
const sdk = import.meta.dirname
const root = path.dirname(sdk)
export const typescript = path.join(root, 'node_modules/typescript/bin/tsc')
export const typesOfNode = path.join(root, 'node_modules/@types')

/** A project with the package in `node_modules` and the examples beside it. */
export type Project = {
  readonly path: string
  readonly examples: string
  readonly tarball: Buffer
  remove(): Promise<void>
}

/** One script with all that `input` needs, as a build tool of today makes it. */
export async function bundleForBrowser(
  input: string,
  alias: Record<string, string> = {},
): Promise<string> {
  const bundle = await rolldown({ input, platform: 'browser', resolve: { alias } })
  const { output } = await bundle.generate({ minify: true })
  await bundle.close()
  return output[0].code
}

export async function installSdk(): Promise<Project> {
  const project = await mkdtemp(path.join(tmpdir(), 'ashlar-sdk-'))
  const staged = path.join(project, 'staged')
  await run(process.execPath, [typescript, '-p', sdk, '--outDir', path.join(staged, 'dist')])
  for (const name of ['package.json', 'README.md', 'LICENSE'])
    await cp(path.join(sdk, name), path.join(staged, name))
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staged })
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }]
  const tarball = path.join(staged, filename)
  const installed = path.join(project, 'node_modules/@ashlar/sdk')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  await writeFile(path.join(project, 'package.json'), '{ "type": "module" }')
  const examples = path.join(project, 'examples')
  await cp(path.join(sdk, 'examples'), examples, {
    recursive: true,
    filter: (name) => !name.endsWith('.json'),
  })
  return {
    path: project,
    examples,
    tarball: await readFile(tarball),
    remove: () => rm(project, { recursive: true, force: true }),
  }
}
