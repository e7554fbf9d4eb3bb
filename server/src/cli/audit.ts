/** `ashlar audit export|verify`: the audit log as a file, and whether it is whole. */
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type FactFilter,
  type Format,
  countFacts,
  exportFacts,
  formats,
  matching,
  verify,
} from '../features/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { readShipped } from '../platform/events/heads.ts'
import type { Verdict } from '../platform/events/verification.ts'
import { openProgress } from './progress.ts'
import { withProcess } from './session.ts'

type ExportOptions = Pick<
  FactFilter,
  'action' | 'room' | 'status' | 'subject' | 'onBehalfOf' | 'requestId' | 'from' | 'to'
> & { format: Format; out: string; actor?: string; target?: string }

const inStorage = 'storage:'

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('Take the audit log away as a file, or find out whether it is whole.')

  audit
    .command('export')
    .description('Write what was recorded to a file, oldest first. That it was taken is recorded.')
    .addOption(new Option('--format <format>', 'csv or ndjson').choices(formats).default('ndjson'))
    .option('--out <file>', 'where to; "-" is standard output', '-')
    .option('--action <name>', 'only this action, such as auth.signed_in')
    .option('--room <name>', 'only actions of this room')
    .addOption(
      new Option('--status <status>', 'only what ended so').choices([
        'succeeded',
        'refused',
        'failed',
      ]),
    )
    .option('--actor <id>', 'only what this user did')
    .option('--target <id>', 'only what was done to this user')
    .option('--subject <id>', 'only what was done to this')
    .option('--on-behalf-of <id>', 'only what was done in the name of this user')
    .option('--request-id <id>', 'only what was done in this request')
    .option('--from <time>', 'only from this time on (RFC 3339)', timeIn)
    .option('--to <time>', 'only before this time', timeIn)
    .action(({ format, out, actor, target, ...filter }: ExportOptions) =>
      withProcess(({ ctx }) =>
        write(ctx, format, out, { ...filter, actorUserId: actor, targetUserId: target }),
      ),
    )

  audit
    .command('verify')
    .description(
      'Compare every fact with the chain and the signed heads. Exit 1 when one is changed, missing, added or moved; the first is named.',
    )
    .option('--json', 'print JSON')
    .option(
      '--head <file>',
      `also compare with a head that was kept elsewhere: a file, or "${inStorage}KEY"`,
      (value: string, earlier: string[]) => [...earlier, value],
      [],
    )
    .action(({ json, head }: { json?: true; head: string[] }) =>
      withProcess(async ({ ctx }) => {
        const progress = openProgress('Verifying')
        const heads = await Promise.all(head.map((name) => readHeadOf(ctx, name)))
        const verdict = await verify(ctx, { heads, onProgress: progress.show })
        progress.end()
        console.log(json ? JSON.stringify(verdict) : describe(verdict))
        if (!verdict.isGood) process.exitCode = 1
      }),
    )
}

async function write(ctx: Ctx, format: Format, out: string, filter: FactFilter): Promise<void> {
  const progress = openProgress('Exporting')
  const { total, isTotalExact } = await countFacts(ctx, matching(filter))
  let done = 0
  const onPage = (rows: number) => {
    done += rows
    progress.show(done, isTotalExact ? total : null)
  }
  // Whoever has a shell on the machine has it for as long as this takes.
  const mayHaveMore = async () => true
  const pages = await exportFacts(ctx, { format, filter }, { onPage, mayHaveMore })
  // Standard output belongs to the shell and stays open.
  const isShell = out === '-'
  await pipeline(
    Readable.from(pages, { objectMode: false }),
    isShell ? process.stdout : createWriteStream(out, { mode: 0o600 }),
    { end: !isShell },
  )
  progress.end()
  if (!isShell) console.error(`${done} entries are in ${out}.`)
}

async function readHeadOf(ctx: Ctx, name: string): Promise<{ name: string; document: string }> {
  const document = name.startsWith(inStorage)
    ? await readShipped(ctx.ports.storage, name.slice(inStorage.length))
    : await readFile(name, 'utf8')
  return { name, document }
}

function timeIn(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('This is not a time.')
  return time
}

function describe(verdict: Verdict): string {
  const { problem, checked, heads, newestHead, unsealed, first, last } = verdict
  const signed = newestHead
    ? `${heads} signed heads agree, the newest of ${newestHead.at}.`
    : 'No signed head yet.'
  const tail =
    unsealed.count === 0
      ? 'Nothing waits to be sealed.'
      : `${unsealed.count} facts wait to be sealed, the oldest of ${unsealed.oldestAt ?? ''}.`
  return [
    problem
      ? `The audit log is not whole: ${problem.message}.`
      : `The audit log is whole: ${checked} facts, seals ${first} to ${last}.`,
    signed,
    tail,
  ].join('\n')
}
