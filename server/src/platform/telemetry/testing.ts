/** For tests: programs run as processes of their own, because what they try is about processes. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

export type Finished = {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The import address of this folder's front door. */
export const telemetryUrl = new URL('index.ts', import.meta.url).href

/** The import address of an installed package, for a program that lives outside the project. */
export function packageUrl(name: string): string {
  return pathToFileURL(createRequire(import.meta.url).resolve(name)).href
}

export async function makeTemporaryDirectory(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'ashlar-telemetry-'))
}

/** Runs the text of an ES module as a program and waits for its end; it is killed after 20 seconds. */
export async function runProgram(
  source: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const directory = await makeTemporaryDirectory()
  try {
    const file = path.join(directory, 'program.mjs')
    await writeFile(file, source)
    return await run(file, environment)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function run(file: string, environment: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
