/**
 * Builds the web application into the server's folder, unless what is there was built from the same source. It is the
 * first step of `npm start`, `npm test` and the image; `--force` builds anyway.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = path.resolve(import.meta.dirname, '..')
const target = path.join(root, 'server/dist/web')
/** All that what is built depends on. */
const sources = [
  'web/src',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'sdk/src',
  'package-lock.json',
]
/** Below this, a compressed file saves less than its header costs. */
const smallestBytes = 1_024

export function buildWeb({ isForced = false } = {}): void {
  const source = hashOfSources()
  const mark = path.join(target, 'source.sha256')
  if (!isForced && existsSync(mark) && readFileSync(mark, 'utf8') === source) return
  console.error('Building the web application…')
  // Elsewhere first: a server that runs meanwhile, or another build, never sees half of it.
  const fresh = `${target}.${process.pid}`
  mkdirSync(path.dirname(target), { recursive: true })
  const vite = path.join(root, 'web/node_modules/vite/bin/vite.js')
  execFileSync(process.execPath, [vite, 'build', '--outDir', fresh, '--logLevel', 'warn'], {
    cwd: path.join(root, 'web'),
    stdio: ['ignore', 'inherit', 'inherit'],
    // Whoever asks for it, a test run too, gets what people get.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  compress(path.join(fresh, 'assets'))
  writeFileSync(path.join(fresh, 'source.sha256'), source)
  const old = `${target}.old.${process.pid}`
  if (existsSync(target)) renameSync(target, old)
  renameSync(fresh, target)
  rmSync(old, { recursive: true, force: true })
}

function compress(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    const content = readFileSync(file)
    if (content.length < smallestBytes) continue
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
    )
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => filesIn(path.join(root, source))).toSorted())
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesIn(where: string): string[] {
  if (!existsSync(where)) return []
  if (!statSync(where).isDirectory()) return [where]
  return readdirSync(where).flatMap((name) => filesIn(path.join(where, name)))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  buildWeb({ isForced: process.argv.includes('--force') })
