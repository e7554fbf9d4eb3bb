/** `ashlar keys list|rotate|retire|reseal`: the keys that sign access tokens. */
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { Ctx } from '../platform/context.ts'
import { describeWeakness } from '../platform/config/secret-strength.ts'
import {
  type SigningKey,
  listSigningKeys,
  resealSigningKeys,
  retireSigningKey,
  rotateSigningKey,
} from '../platform/tokens/index.ts'
import { withProcess } from './session.ts'

type Consent = { readonly dryRun?: true; readonly yes?: true }
type RotateOptions = Consent & { algorithm?: 'EdDSA' | 'RS256'; kmsKey?: string; now?: true }
type ResealOptions = Consent & { secretKeyFile: string }
type RetireOptions = Consent & { force?: true }

export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('Look at the keys that sign access tokens, rotate and retire them.')

  keys
    .command('list')
    .description('List every key, oldest first, with what it does and until when its tokens live.')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }) =>
      withKeys(async (ctx) => {
        const found = await listSigningKeys(ctx, ctx.ports.tokens.signingKid())
        if (json) console.log(JSON.stringify(found))
        else if (found.length === 0) console.log('No keys: the first start makes one.')
        else for (const key of found) console.log(describe(key))
      }),
    )

  const rotate = keys
    .command('rotate')
    .description('Publish a new key; it signs six minutes later, and nobody is signed out.')
    .addOption(
      new Option('--algorithm <algorithm>', 'ahead of a change of TOKEN_SIGNING_ALGORITHM').choices(
        ['EdDSA', 'RS256'],
      ),
    )
    .addOption(
      new Option('--kms-key <id>', 'ahead of a change of TOKEN_KMS_KEY_ID').conflicts('algorithm'),
    )
    .option('--now', 'sign as soon as our own processes know it, without waiting for others')
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do it')
    .action(({ algorithm, kmsKey, now, ...consent }: RotateOptions) => {
      requireConsent(rotate, consent)
      return withKeys(async (ctx) => {
        const wish = {
          ...(algorithm === undefined ? {} : { algorithm }),
          ...(kmsKey === undefined ? {} : { kmsKeyId: kmsKey }),
        }
        const isDryRun = consent.dryRun === true
        const made = await rotateSigningKey(ctx, { ...wish, isAtOnce: now === true, isDryRun })
        const verb = isDryRun ? 'Would publish' : 'Published'
        const name = isDryRun ? `an ${made.algorithm} key` : `${made.algorithm} key ${made.kid}`
        console.log(`${verb} ${name}; it signs from ${made.signsFrom.toISOString()}.`)
      })
    })

  const retire = keys
    .command('retire')
    .argument('<kid>', 'the id that "keys list" shows')
    // One of sixty-four begins like an option.
    .allowUnknownOption()
    .description('Stop believing a key. Refused while it signs, or while its tokens may be alive.')
    .option('--force', 'even while its tokens may be alive: their holders have to refresh')
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do it')
    .action((kid: string, { force, ...consent }: RetireOptions) => {
      requireConsent(retire, consent)
      return withKeys(async (ctx) => {
        const isDryRun = consent.dryRun === true
        await retireSigningKey(ctx, kid, { isForced: force === true, isDryRun })
        console.log(isDryRun ? `Would retire ${kid}.` : `${kid} is retired.`)
      })
    })

  addReseal(keys)
}

function addReseal(keys: Command): void {
  const reseal = keys
    .command('reseal')
    .description(
      'Before SECRET_KEY changes: seal the keys with the next one, and retire them. Run it with the former SECRET_KEY set.',
    )
    .requiredOption('--secret-key-file <file>', 'where the next SECRET_KEY is')
    .option('--dry-run', 'only say what would happen')
    .option('--yes', 'do it')
    .action(async ({ secretKeyFile, ...consent }: ResealOptions) => {
      requireConsent(reseal, consent)
      const next = (await readFile(secretKeyFile, 'utf8')).trim()
      const weakness = describeWeakness(next)
      if (weakness !== undefined) reseal.error(`error: the next SECRET_KEY ${weakness}`)
      await withProcess(async ({ ctx }) => {
        const isDryRun = consent.dryRun === true
        const former = ctx.settings.secretKey
        const { resealed, unreadable } = await resealSigningKeys(ctx, { former, next, isDryRun })
        const verb = isDryRun ? 'Would seal' : 'Sealed'
        console.log(
          `${verb} ${resealed} keys for the next SECRET_KEY; ${unreadable} do not open with the present one.`,
        )
      })
    })
}

/** Which key of KMS signs is only known when KMS was asked. */
const withKeys = (work: (ctx: Ctx) => Promise<void>): Promise<void> =>
  withProcess(async ({ ctx }) => {
    await ctx.ports.tokens.settle()
    await work(ctx)
  })

function requireConsent(command: Command, { dryRun, yes }: Consent): void {
  if (!dryRun && !yes) command.error('error: add --yes to do it, or --dry-run to see what it does')
}

function describe({
  kid,
  algorithm,
  state,
  signsFrom,
  tokensUntil,
  kmsKeyArn,
}: SigningKey): string {
  const until = tokensUntil === null ? 'no tokens' : `tokens until ${tokensUntil.toISOString()}`
  const place = kmsKeyArn === null ? '' : `  ${kmsKeyArn}`
  return `${kid}  ${state.padEnd(9)}  ${algorithm}  signs from ${signsFrom.toISOString()}  ${until}${place}`
}
