#!/usr/bin/env node
// Starts the CLI on the pinned runtime: TypeScript runs unbuilt from Node 24 on, so an older Node hands over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const oldestMajor = 24
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= oldestMajor) {
  await import(main)
} else {
  const pinned = findPinned()
  if (pinned === null) {
    console.error(
      `Ashlar needs Node ${oldestMajor} or newer; this is ${process.version}. Run "npm ci" once: it brings the right one.`,
    )
    process.exit(1)
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

function findPinned() {
  try {
    const home = path.dirname(createRequire(import.meta.url).resolve('node/package.json'))
    const binary = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}
