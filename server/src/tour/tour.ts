/** The tour: chapter after chapter against a running server, ending at the first step that is wrong. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { getConfig, readEnvironment } from '../app/settings.ts'
import { type Administrator, administrationChapter } from './administration.ts'
import { TourClient } from './client.ts'
import { describeChapter } from './description.ts'
import { identityChapter } from './identity.ts'
import type { Paid } from './money-office.ts'
import { moneyChapter } from './money.ts'
import { type Guide, type Line, WrongStep, createGuide } from './step.ts'

export type TourOptions = {
  readonly url?: string | undefined
  readonly asJson: boolean
  /** Lends somebody who administers the database of these settings, and takes the role away again. */
  readonly lendAdministrator: (work: (admin: Administrator) => Promise<void>) => Promise<void>
}

type Chapter = readonly [string, (guide: Guide) => Promise<void>]

/** Nobody is made an administrator by asking a server: without its settings at hand that chapter is left out. */
const chaptersOf = (isOurs: boolean, { lendAdministrator }: TourOptions): Chapter[] => {
  let paid: Paid | null = null
  return [
    ['Identity', identityChapter],
    [
      'Money',
      async (guide) => {
        paid = await moneyChapter(guide)
      },
    ],
    [
      'Administration',
      async (guide) => {
        if (isOurs) return lendAdministrator((admin) => administrationChapter(guide, admin, paid))
        return guide.tell(
          'left out',
          'nothing',
          'the settings here are of another server; run the tour with those of this one',
        )
      },
    ],
    ['The API describes itself', describeChapter],
  ]
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
/** A first start makes a database; a minute is far more than it takes. */
const startTimeoutMs = 60_000
const probeMs = 250

/** Runs every chapter; true when all of it was right. */
export async function runTour(options: TourOptions): Promise<boolean> {
  const { url, asJson } = options
  const { publicUrl } = getConfig(readEnvironment(process.env))
  const target = url ?? publicUrl
  const started = (await isUp(target)) ? null : await startServer(target, url)
  const isOurs = new URL(target).origin === new URL(publicUrl).origin
  try {
    return await walk(target, chaptersOf(isOurs, options), asJson)
  } finally {
    if (started) await end(started)
  }
}

async function walk(
  target: string,
  chapters: readonly Chapter[],
  asJson: boolean,
): Promise<boolean> {
  let steps = 0
  const show = (line: Line) => {
    steps += 1
    if (asJson) console.log(JSON.stringify(line))
    else
      console.log(
        `  ${line.isGood ? '✓' : '✗'} ${line.step}\n      ${line.sent}\n      → ${line.got}`,
      )
  }
  for (const [title, chapter] of chapters) {
    if (!asJson) console.log(`\n${title}`)
    try {
      await chapter(createGuide(new TourClient(target), show))
    } catch (error) {
      if (!(error instanceof WrongStep)) console.error(error)
      console.error(
        `\nThe tour ended at step ${steps}: ${error instanceof Error ? error.message : String(error)}`,
      )
      return false
    }
  }
  if (!asJson) console.log(`\nAll ${steps} steps were right.`)
  return true
}

async function startServer(target: string, url: string | undefined): Promise<ChildProcess> {
  if (url !== undefined) throw new Error(`no server answers at ${url}`)
  console.error('No server runs; starting one for the tour.')
  // With stand-ins for outside services: `start` alone brings none, wherever it runs.
  const ports = ['--twin-port', await freePort(), '--stripe-port', await freePort()]
  const child = spawn(process.execPath, [main, 'dev', ...ports], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until && child.exitCode === null) {
    if (await isUp(target)) return child
    await pause(probeMs)
  }
  await end(child)
  throw new Error('the server did not start')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function isUp(target: string): Promise<boolean> {
  try {
    const reply = await fetch(new URL('/readyz', target), { signal: AbortSignal.timeout(2_000) })
    return reply.ok
  } catch {
    return false
  }
}

async function freePort(): Promise<string> {
  const opened = createServer().listen(0, '127.0.0.1')
  await once(opened, 'listening')
  const found = opened.address()
  opened.close()
  await once(opened, 'close')
  if (found === null || typeof found === 'string') throw new Error('not listening on a port')
  return String(found.port)
}
