/**
 * What somebody downloads before they see the first screen: the scripts of the page, of the shell around it and of the
 * screen, as they are sent (gzip). Fails above the budget and names the heaviest.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWeb } from './build-web.ts'

const built = path.resolve(import.meta.dirname, '../server/dist/web')
const kilobyte = 1024
/**
 * Screens that are opened by their own link by somebody who has nothing of the application yet. The sign-in is the first
 * that most people see; behind it there is a shell with menus, which stays for every further screen.
 */
const screens = [
  {
    address: '/sign-in',
    chunks: ['src/app/plain-shell.tsx', 'src/rooms/auth/sign-in.screen.tsx'],
    budgetBytes: 160 * kilobyte,
  },
  {
    address: '/account',
    chunks: ['src/app/portal-shell.tsx', 'src/rooms/users/profile.screen.tsx'],
    budgetBytes: 220 * kilobyte,
  },
] as const

type Chunk = { readonly file: string; readonly imports?: readonly string[] }

buildWeb()
const manifest = JSON.parse(
  readFileSync(path.join(built, '.vite/manifest.json'), 'utf8'),
) as Record<string, Chunk>
let isOver = false
for (const { address, chunks, budgetBytes } of screens) {
  const files = filesOf(['index.html', ...chunks])
  const sizes = [...files].map((file): [string, number] => [
    file,
    gzipSync(readFileSync(path.join(built, file)), { level: 9 }).length,
  ])
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  const share = `${(total / kilobyte).toFixed(1)} of ${budgetBytes / kilobyte} kB`
  if (total <= budgetBytes) console.log(`${address}: ${share}`)
  else {
    isOver = true
    const heaviest = sizes.toSorted((one, another) => another[1] - one[1]).slice(0, 8)
    console.error(`${address}: ${share} is too much`)
    for (const [file, size] of heaviest)
      console.error(`  ${(size / kilobyte).toFixed(1)} kB ${file}`)
  }
}
if (isOver) process.exit(1)

/** A chunk and all that it needs before it can run. */
function filesOf(names: readonly string[]): Set<string> {
  const found = new Set<string>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`${name} was not built`)
    if (found.has(chunk.file)) continue
    found.add(chunk.file)
    waiting.push(...(chunk.imports ?? []))
  }
  return found
}
