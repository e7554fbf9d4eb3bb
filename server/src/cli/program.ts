/** `ashlar`: what it can do, and how it says no. Exit codes: 0 done, 1 failed, 2 wrong usage. */
import { Command, CommanderError } from 'commander'
import { SettingsError } from '../app/settings.ts'
import { EmbeddedPostgresError } from '../platform/db/embedded/index.ts'
import { DatabaseRefused } from '../platform/db/migrate.ts'
import { AppError } from '../platform/errors.ts'
import { UndeclaredRoute } from '../platform/http/index.ts'
import { EvictingRedisError } from '../platform/jobs/index.ts'
import { KmsUnusable, WrongSecretKey } from '../platform/tokens/index.ts'
import { addAccess } from './access.ts'
import { addAdmin } from './admin.ts'
import { addAudit } from './audit.ts'
import { addDev } from './dev.ts'
import { addDoctor } from './doctor.ts'
import { addEnv } from './env.ts'
import { addJobs } from './jobs.ts'
import { addKeys } from './keys.ts'
import { addLedger } from './ledger.ts'
import { addMigrate } from './migrate.ts'
import { addReconcile } from './reconcile.ts'
import { addStart } from './start.ts'
import { addTour } from './tour.ts'
import { addTrace } from './trace.ts'
import { addWebhooks } from './webhooks.ts'
import { version } from '../app/version.ts'

const examples = `
Examples:
  ashlar start                       run everything; without DATABASE_URL, with a PostgreSQL of its own
  ashlar start --role api            run only the API (and "--role worker" elsewhere)
  ashlar env check                   what is missing, weak, misspelt or contradictory
  ashlar admin create --email me@example.com
  ashlar access audit                every route, its permission and who has it
  ashlar admin token                 a service token and its hash
  ashlar jobs list --state failed    dead letters; "ashlar jobs retry ID" runs one again
  ashlar webhooks list --state dead  what a payment provider told us and could not be applied
  ashlar keys rotate --dry-run       a new key for tokens; nobody is signed out
  ashlar audit verify                has anybody changed what was recorded?
  ashlar trace ID                    one request, user, job or address: everything around it, in order
  ashlar ledger check                is every balance the sum of its postings?
  ashlar reconcile --dry-run         do our books and the payment provider's agree?
  ashlar tour                        see the product work, step by step

Reads take --json. Errors go to stderr; the exit code is 0 (done), 1 (failed) or 2 (wrong usage).`

export function createProgram(): Command {
  const program = new Command('ashlar')
    .description(
      'The application backend: accounts, access, money, files, content and operations behind one API.',
    )
    .version(version)
    .showHelpAfterError('(run with --help to see how it is used)')
    .showSuggestionAfterError()
    .addHelpText('after', examples)
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
  for (const add of [
    addStart,
    addDev,
    addMigrate,
    addAdmin,
    addAccess,
    addEnv,
    addDoctor,
    addJobs,
    addWebhooks,
    addKeys,
    addAudit,
    addTrace,
    addLedger,
    addReconcile,
    addTour,
  ])
    add(program)
  return program
}

/** Says what went wrong in one place, without a stack for what the user can mend. */
export function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return
  }
  process.exitCode = 1
  if (error instanceof SettingsError) console.error(error.message)
  else if (error instanceof AppError) console.error(describe(error))
  else if (isForTheUser(error)) console.error(error.message)
  else console.error(error)
}

/** Errors whose message says what to mend. */
const isForTheUser = (error: unknown): error is Error =>
  [
    EmbeddedPostgresError,
    DatabaseRefused,
    EvictingRedisError,
    KmsUnusable,
    UndeclaredRoute,
    WrongSecretKey,
  ].some((kind) => error instanceof kind)

function describe(error: AppError): string {
  const { errors } = error.details as { errors?: { pointer: string; message: string }[] }
  const fields = errors?.map(({ pointer, message }) => `  ${pointer.slice(1)} ${message}`) ?? []
  return [`${error.message} (${error.code})`, ...fields].join('\n')
}
