/** What a command needs of the system for a moment: settings, the database, and a closed door afterwards. */
import { randomUUID } from 'node:crypto'
import { systemActor } from '../app/actors.ts'
import { type Location, joinDatabase, prepareDatabase } from '../app/database.ts'
import { type Process, openProcess } from '../app/process.ts'
import { getConfig, readEnvironment, settle } from '../app/settings.ts'
import { type Ctx, type Settings, createCtx } from '../platform/context.ts'
import { AppError } from '../platform/errors.ts'
import { createMetrics, openLog } from '../platform/telemetry/index.ts'
import { version } from '../app/version.ts'

export type Located = { readonly settings: Settings; readonly location: Location }

/** Runs `work` with the database: the running one, or the embedded one started for as long as it takes. */
export async function withLocation<T>(work: (located: Located) => Promise<T>): Promise<T> {
  const settings = settle(getConfig(readEnvironment(process.env)))
  const { location, embedded } = await joinDatabase(settings)
  try {
    return await work({ settings, location })
  } finally {
    await embedded?.stop()
  }
}

/** Runs `work` with a whole process that neither listens nor takes jobs. */
export async function withProcess<T>(
  work: (session: { process: Process; ctx: Ctx }) => Promise<T>,
): Promise<T> {
  return withLocation(async ({ settings, location }) => {
    await prepareDatabase(settings, location)
    const log = openLog({ level: 'error', name: 'cli', version, output: process.stderr })
    const opened = await openProcess({
      settings,
      location,
      log,
      metrics: createMetrics({ version }),
      eventLoopLagMs: () => 0,
    })
    try {
      const ctx = createCtx(opened.context, { actor: systemActor('cli'), requestId: randomUUID() })
      return await recordingRefusals(ctx, () => work({ process: opened, ctx }))
    } finally {
      await opened.close()
    }
  })
}

/** What the HTTP layer does for requests: a refused attempt is a fact too. */
async function recordingRefusals<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.refusal) await ctx.recordRefusal(error.refusal)
    throw error
  }
}
