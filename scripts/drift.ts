/**
 * Fails when a generated file is not what the code would generate: migrations, `.env.example`, the docs of settings
 * and error codes, `openapi.json`, the SDK. `npm run drift -- --write` writes them.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { errorTypes } from '../server/src/app/rooms.ts'
import {
  matrixFile,
  matrixOfCode,
  parseMatrix,
  rolesFile,
  rolesOfCode,
} from '../server/src/app/access-matrix.ts'
import { declaredRoutes, describeRoutes } from '../server/src/app/describe.ts'
import { renderConfigurationDoc, renderEnvExample } from '../server/src/platform/config/index.ts'
import { renderErrorDoc } from '../server/src/platform/http/catalogue.ts'
import { renderSdk } from './sdk.ts'

const root = path.resolve(import.meta.dirname, '..')
const isWriting = process.argv.includes('--write')

const document = await describeRoutes()
const sdkFolder = 'sdk/src/generated'
const sdk = await renderSdk(document)

const generated: Readonly<Record<string, () => Promise<string> | string>> = {
  '.env.example': renderEnvExample,
  'docs/configuration.md': renderConfigurationDoc,
  'docs/errors.md': () => renderErrorDoc(errorTypes),
  [matrixFile]: async () => {
    const file = path.join(root, matrixFile)
    const before = existsSync(file) ? parseMatrix(readFileSync(file, 'utf8')) : {}
    return `${JSON.stringify(matrixOfCode(await declaredRoutes(), before), null, 2)}\n`
  },
  [rolesFile]: () => `${JSON.stringify(rolesOfCode(), null, 2)}\n`,
  'server/openapi.json': () => `${JSON.stringify(document, null, 2)}\n`,
  ...Object.fromEntries(
    Object.entries(sdk).map(([name, text]) => [`${sdkFolder}/${name}`, () => text]),
  ),
}

const stale: string[] = []
for (const [name, render] of Object.entries(generated)) {
  const file = path.join(root, name)
  const wanted = await render()
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue
  if (isWriting) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, wanted)
    console.log(`wrote ${name}`)
  } else stale.push(name)
}
for (const name of readdirSync(path.join(root, sdkFolder))) {
  if (name in sdk) continue
  if (isWriting) rmSync(path.join(root, sdkFolder, name))
  else stale.push(`${sdkFolder}/${name}`)
}
if (!isWriting) stale.push(...unwrittenMigrations())

if (stale.length > 0) {
  console.error(
    `Out of date: ${stale.join(', ')}. Run "npm run drift -- --write" (migrations: "npx drizzle-kit generate").`,
  )
  process.exit(1)
}

/** What drizzle-kit would add to the migrations: nothing, when they say what the tables say. */
function unwrittenMigrations(): string[] {
  const folder = path.join(root, 'server/migrations')
  const journal = path.join(folder, 'meta/_journal.json')
  const before = readFileSync(journal, 'utf8')
  const files = new Set(readdirSync(folder))
  const snapshots = new Set(readdirSync(path.join(folder, 'meta')))
  execFileSync('drizzle-kit', ['generate', '--name', 'drift'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const added = readdirSync(folder).filter((name) => !files.has(name))
  for (const name of added) rmSync(path.join(folder, name))
  for (const name of readdirSync(path.join(folder, 'meta')))
    if (!snapshots.has(name)) rmSync(path.join(folder, 'meta', name))
  writeFileSync(journal, before)
  return added.map(() => 'server/migrations (tables changed)')
}
