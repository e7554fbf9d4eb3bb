/** What every child process does first: the settings, its database, its log, and an end in good order. */
import { readEnvironment, getConfig, settle } from './settings.ts'
import type { Settings } from '../platform/context.ts'
import type { Location } from './database.ts'
import { type Observation, observe } from './observe.ts'

/** How the primary tells its children where the database is. */
export function environmentFor(location: Location): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: location.appUrl,
    DATABASE_OWNER_URL: location.ownerUrl,
    // Read already; set beside the values they would be a contradiction.
    DATABASE_URL_FILE: undefined,
    DATABASE_OWNER_URL_FILE: undefined,
  }
}

export type Child = {
  readonly settings: Settings
  readonly location: Location
  readonly seen: Observation
}

/** Opens a child; `run` returns what ends it. It ends on SIGTERM, SIGINT, or when its primary is gone. */
export async function runChild(
  name: string,
  version: string,
  run: (child: Child) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  const settings = settle(getConfig(readEnvironment(process.env)))
  const seen = await observe(settings, version, name)
  const appUrl = settings.databaseUrl ?? ''
  const ownerUrl = settings.databaseOwnerUrl ?? appUrl
  const location = { appUrl, ownerUrl, role: ownerUrl === appUrl ? settings.databaseAppRole : null }
  const running = await run({ settings, location, seen })
  let isEnding = false
  const end = (code: number) => {
    if (isEnding) return
    isEnding = true
    const deadline = setTimeout(() => process.exit(1), settings.shutdownTimeout * 1000)
    running
      .stop()
      .then(() => seen.close())
      .then(() => {
        clearTimeout(deadline)
        process.exit(code)
      })
      .catch((error: unknown) => {
        seen.log.fatal('could not stop in good order', { error })
        seen.log.flush()
        process.exit(1)
      })
  }
  seen.guard(() => running.stop())
  // A terminal's Ctrl-C reaches the whole group; the primary decides when its children end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => end(0))
  process.on('disconnect', () => end(1))
}
