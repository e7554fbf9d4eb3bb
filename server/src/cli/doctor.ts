/** `ashlar doctor`: is everything here that the product needs, and does it answer? */
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createConnection } from 'node:net'
import type { Command } from 'commander'
import { getConfig, readEnvironment, settle } from '../app/settings.ts'
import { migrationStatus } from '../platform/db/migrate.ts'
import type { Settings } from '../platform/context.ts'
import { lookAtRedis } from '../platform/jobs/index.ts'
import { withLocation, withProcess } from './session.ts'

type Finding = { readonly name: string; readonly isGood: boolean; readonly detail: string }

/** Less free space than this and the database will soon refuse to write. */
const leastFreeBytes = 512 * 1024 * 1024
const connectTimeoutMs = 2_000

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Check runtime, settings, disk, database, mail, storage and ports. Exit 1 when something is wrong.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await examine()
      if (json) console.log(JSON.stringify(findings))
      else
        for (const { name, isGood, detail } of findings)
          console.log(`${isGood ? 'ok   ' : 'WRONG'}  ${name.padEnd(10)} ${detail}`)
      if (findings.some(({ isGood }) => !isGood)) process.exitCode = 1
    })
}

async function examine(): Promise<Finding[]> {
  const settings = settle(getConfig(readEnvironment(process.env)))
  return [
    {
      name: 'runtime',
      isGood: true,
      detail: `Node ${process.version} on ${process.platform} ${process.arch}`,
    },
    await attempt('disk', () => examineDisk(settings)),
    await attempt('port', () => examinePort(settings)),
    await attempt('database', examineDatabase),
    ...(settings.redisUrl === undefined
      ? []
      : [await attempt('redis', () => examineRedis(settings.redisUrl ?? ''))]),
    ...(await examineParts()),
  ]
}

async function examineDisk({ ashlarDataDir }: Settings): Promise<string> {
  await mkdir(ashlarDataDir, { recursive: true, mode: 0o700 })
  await access(ashlarDataDir, constants.W_OK)
  const { bavail, bsize } = await statfs(ashlarDataDir)
  const freeMb = Math.round((bavail * bsize) / 1024 / 1024)
  if (bavail * bsize < leastFreeBytes)
    throw new Error(`only ${freeMb} MB are free in ${ashlarDataDir}`)
  return `${ashlarDataDir} can be written, ${freeMb} MB are free`
}

async function examinePort({ host, port }: Settings): Promise<string> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const socket = createConnection({
      host: host === '0.0.0.0' ? '127.0.0.1' : host,
      port,
      timeout: connectTimeoutMs,
    })
    const end = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
  })
  return isTaken ? `${port} answers: a server is running` : `${port} is free`
}

async function examineRedis(url: string): Promise<string> {
  if ((await lookAtRedis(url)) === 'unreachable') throw new Error('does not answer')
  return 'answers, and drops nothing when its memory is full'
}

async function examineDatabase(): Promise<string> {
  return withLocation(async ({ location }) => {
    const missing = (await migrationStatus(location.ownerUrl)).filter(({ isApplied }) => !isApplied)
    return missing.length === 0
      ? 'reachable and up to date'
      : `reachable; ${missing.length} migrations wait for the next start`
  })
}

async function examineParts(): Promise<Finding[]> {
  try {
    return await withProcess(async ({ process: { context, jobs } }) => {
      const { mail, storage } = context.ports
      const checks = [
        ['mail', mail],
        ['storage', storage],
        ['queue', jobs],
      ] as const
      return Promise.all(
        checks.map(async ([name, part]) => {
          const { status, detail } = await part.check()
          return { name, isGood: status !== 'fail', detail: detail ?? 'answers' }
        }),
      )
    })
  } catch (error) {
    return [{ name: 'parts', isGood: false, detail: say(error) }]
  }
}

async function attempt(name: string, examineIt: () => Promise<string>): Promise<Finding> {
  try {
    return { name, isGood: true, detail: await examineIt() }
  } catch (error) {
    return { name, isGood: false, detail: say(error) }
  }
}

const say = (error: unknown) => (error instanceof Error ? error.message : String(error))
