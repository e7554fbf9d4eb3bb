/** `ashlar webhooks list|replay`: what payment providers have told us. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type InboxState,
  inboxStates,
  listInboxEvents,
  replayInboxEvent,
} from '../features/inbox/index.ts'
import { withProcess } from './session.ts'

const mostAtOnce = 1_000
type ListOptions = { state?: InboxState; type?: string; limit: number; json?: true }

export function addWebhooks(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('Look at what payment providers have told us, and have it looked at again.')

  webhooks
    .command('list')
    .description('List events, newest first.')
    .addOption(new Option('--state <state>', 'only events in this state').choices(inboxStates))
    .option('--type <type>', 'only events of this type, such as payment_intent.succeeded')
    .option('--limit <number>', 'at most this many', readLimit, 50)
    .option('--json', 'print JSON')
    .action(({ json, limit, ...filter }: ListOptions) =>
      withProcess(async ({ ctx }) => {
        const { rows } = await listInboxEvents(ctx, { ...filter, limit })
        if (json) console.log(JSON.stringify(rows))
        else if (rows.length === 0) console.log('No events.')
        else
          for (const { id, state, type, objectId, receivedAt } of rows)
            console.log(
              `${id}  ${state.padEnd(9)}  ${receivedAt.toISOString()}  ${type}  ${objectId ?? ''}`,
            )
      }),
    )

  webhooks
    .command('replay')
    .argument('<id>', 'the id that "webhooks list --state dead" shows')
    .description('Have the object of an event looked at again. What is right already stays.')
    .option('--dry-run', 'only say what would happen')
    .action((id: string, { dryRun }: { dryRun?: true }) =>
      withProcess(async ({ ctx }) => {
        if (!dryRun) await ctx.tx((tx) => replayInboxEvent(tx, id))
        console.log(dryRun ? `Would look at ${id} again.` : `${id} will be looked at again.`)
      }),
    )
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostAtOnce)
    throw new InvalidArgumentError(`This is not a number from 1 to ${mostAtOnce}.`)
  return limit
}
