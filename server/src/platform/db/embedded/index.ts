/** The embedded PostgreSQL: a server of our own below the data directory, for those who bring none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from './binaries.ts'
import { bootstrap } from './bootstrap.ts'
import { createCluster, hasCluster, prepareCluster } from './cluster.ts'
import { getCredentials, urlOf } from './credentials.ts'
import { createHome, layoutOf, removeRubbish } from './files.ts'
import { takeDirectory } from './holder.ts'
import { chooseLauncher } from './launcher.ts'
import { choosePort, rememberPort } from './port.ts'
import {
  findLeftover,
  isPassing,
  startServer,
  stopServer,
  type Server,
  type Site,
} from './server.ts'
import { supervise, type Supervisor } from './supervisor.ts'

export { EmbeddedPostgresError, type EmbeddedPostgresFailure } from './failure.ts'
export { findRunningPostgres } from './join.ts'

export type EmbeddedPostgresOptions = {
  /** The application's data directory, `.ashlar` for example. Ours is `postgres` in it; both are made with mode 0700. */
  readonly dataDir: string
  /** Default `ashlar`. */
  readonly database?: string
  /** Lines for the person who waits. */
  readonly onProgress?: (line: string) => void
  /** Server settings beside ours. `fsync=off` also makes initdb fast; for tests only, a power failure destroys the data. */
  readonly parameters?: Readonly<Record<string, string>>
  /** The server's own log, and what its supervisor does. */
  readonly log?: (line: string) => void
}

export type EmbeddedPostgres = {
  /** Superuser, database `postgres`: for creating databases. */
  readonly adminUrl: string
  /** Owns the database and migrates it. No superuser, makes no roles and no databases. */
  readonly ownerUrl: string
  /** Logs in and may do what the owner grants; creates nothing, not even temporary tables. */
  readonly appUrl: string
  /** The server's process now; another one after a restart. */
  readonly pid: number
  /** The first server was not started by us: a killed process had left it running. */
  readonly adopted: boolean
  /** Records where this process is reached, for the message that a second start on the directory prints. */
  recordUrl(url: string): Promise<void>
  /** Ends transactions and the server: fast, after 20 s immediate, after 5 s more killed. Then frees the directory. */
  stop(): Promise<void>
}

const portAttempts = 5
/** How often, and after what pause, a start is repeated that found memory of a killed server in use: 30 s in all. */
const memoryAttempts = 60
const memoryPauseMs = 500

/**
 * Starts the server below `dataDir`, making everything it needs at the first start, and keeps it running.
 * A server or a half-made directory left by a killed process is taken over or made anew.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDir, database = 'ashlar', parameters = {} } = options
  const onProgress = options.onProgress ?? (() => {})
  const log = options.log ?? (() => {})
  const layout = layoutOf(dataDir)
  await createHome(layout)

  let supervisor: Supervisor | null = null
  let isLost = false
  const holder = await takeDirectory(layout.home, () => {
    isLost = true
    log('another process took the database directory over while this one stood still; stopping')
    supervisor?.stop('immediate').catch((error: unknown) => log(String(error)))
  })
  let server: Server | null = null
  let site: Site | null = null
  try {
    const binaries = await findBinaries(layout.libraries)
    const launcher = await chooseLauncher(binaries, layout)
    log(`running the database server by way of: ${launcher.way}`)
    if (!launcher.diesWithUs)
      log('a database server outlives this process if that is killed; the next start takes it over')
    const credentials = await getCredentials(layout)
    site = { layout, binaries, launcher, credentials, parameters, onProgress, log }
    await removeRubbish(layout)
    if (!(await hasCluster(layout))) {
      onProgress('preparing the database (first start)…')
      await createCluster(layout, binaries, launcher, credentials, parameters['fsync'] !== 'off')
    }
    server = await takeOverOrStart(site)
    await rememberPort(layout, server.port)
    await bootstrap(layout, credentials, server.port, database)
    if (isLost) throw new Error('the database directory was taken over by another process')

    const running = supervise(site, server)
    supervisor = running
    const { port, adopted } = server
    return {
      adminUrl: urlOf('admin', credentials, port, 'postgres'),
      ownerUrl: urlOf('owner', credentials, port, database),
      appUrl: urlOf('app', credentials, port, database),
      get pid() {
        return running.server().pid
      },
      adopted,
      recordUrl: (url) => holder.recordUrl(url),
      stop: async () => {
        try {
          await running.stop('fast')
        } finally {
          await holder.release()
        }
      },
    }
  } catch (error) {
    try {
      if (site && server) await stopServer(site, server, 'fast')
    } finally {
      await holder.release()
    }
    throw error
  }
}

async function takeOverOrStart(site: Site): Promise<Server> {
  const leftover = await findLeftover(site)
  if (leftover) {
    site.onProgress('taking over the database server of a process that was killed…')
    return leftover
  }
  await prepareCluster(site.layout, site.launcher)
  let portsTried = 0
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(site, await choosePort(site.layout))
    } catch (error) {
      const passing = isPassing(error)
      if (passing === 'port taken' && ++portsTried < portAttempts) continue
      if (passing !== 'memory in use' || attempt >= memoryAttempts) throw error
      await sleep(memoryPauseMs)
    }
  }
}
