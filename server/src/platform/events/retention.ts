/**
 * Dropping facts by the month. First the seal that the rest of the chain builds on is signed, as the place where it
 * begins from now on; then the months go, and the seals up to there. Killed in between, it is done again.
 */
import { type Client, escapeIdentifier } from 'pg'
import type { Ctx } from '../context.ts'
import { asOwner } from '../db/owner.ts'
import { type Seal, noSeal } from './chain.ts'
import { signSeal } from './heads.ts'
import { type Partition, addMonths, dropMonths, listPartitions, momentOf } from './months.ts'

/** The months that go: facts with ids below `bound`. Of the chain all goes that is for nothing else, up to `seal`. */
export type Droppable = { readonly bound: string; readonly until: Date; readonly seal: Seal }

const deletedAtOnce = 10_000

/** Makes months ahead, for a process that runs for long. */
export const prepareMonths = (ownerUrl: string, now: Date): Promise<void> =>
  asOwner(ownerUrl, (client) => addMonths(client, now))

/** Removes tips of yesterday and before that a later head has made needless. */
export const dropTips = (ownerUrl: string): Promise<void> =>
  asOwner(ownerUrl, async (client) => {
    await client.query(
      `delete from platform_event_heads where kind = 'tip' and at < now() - interval '1 day'
         and number < (select max(number) from platform_event_heads where kind = 'head')`,
    )
  })

/** What is older than a moment as a whole; null for nothing. Throws while some of it is not sealed. */
export function findDroppable(ownerUrl: string, before: Date): Promise<Droppable | null> {
  return asOwner(ownerUrl, async (client) => {
    const partitions = await listPartitions(client, 'platform_events')
    const isOver = ({ below }: Partition) => below !== null && momentOf(below) <= before
    const bound = partitions.filter(isOver).at(-1)?.below
    if (bound === undefined || bound === null) return null
    await refuseUnsealed(client, bound)
    const kept = partitions.filter((partition) => !isOver(partition))
    return { bound, until: momentOf(bound), seal: await findLastDroppable(client, kept) }
  })
}

export async function dropFacts(
  ctx: Ctx,
  ownerUrl: string,
  { bound, seal }: Droppable,
): Promise<void> {
  await signSeal(ctx, seal, { kind: 'cut', cut: bound })
  await asOwner(ownerUrl, async (client) => {
    await dropMonths(client, bound)
    for (let deleted: number | null = deletedAtOnce; deleted === deletedAtOnce;)
      deleted = (
        await client.query(
          `delete from platform_event_seals where number = any(array(
             select number from platform_event_seals where number <= $1 order by number limit $2))`,
          [seal.number, deletedAtOnce],
        )
      ).rowCount
    await client.query(`delete from platform_event_heads where kind <> 'cut' and number <= $1`, [
      seal.number,
    ])
    await client.query(
      `delete from platform_event_heads where kind = 'cut'
         and id <> (select id from platform_event_heads where kind = 'cut' order by number desc, id desc limit 1)`,
    )
  })
}

async function refuseUnsealed(client: Client, bound: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select e.id from platform_events e
     where e.id < $1 and (e.position, e.id) > (
       select s.position, s.event_id from platform_event_seals s order by s.number desc limit 1)
     union all
     select e.id from platform_events e
     where e.id < $1 and not exists (select from platform_event_seals) limit 1`,
    [bound],
  )
  const [unsealed] = rows
  if (unsealed) throw new Error(`fact ${unsealed.id} is to be dropped, and is not sealed yet`)
}

/** The last seal before the first fact that stays. */
async function findLastDroppable(client: Client, kept: readonly Partition[]): Promise<Seal> {
  const first = await findFirst(client, kept)
  const { rows } = await client.query<{
    number: string
    event_id: string
    position: string
    hash: Buffer
  }>(
    `select number, event_id, position, hash from platform_event_seals
     where $1::bigint is null or (position, event_id) < ($1::bigint, $2::uuid)
     order by number desc limit 1`,
    [first?.position ?? null, first?.id ?? null],
  )
  const [row] = rows
  if (!row) return noSeal
  const { number, event_id: id, position, hash } = row
  return { number: BigInt(number), hash, place: { position: BigInt(position), id } }
}

async function findFirst(
  client: Client,
  partitions: readonly Partition[],
): Promise<{ position: string; id: string } | null> {
  const all = partitions.map(
    ({ name }) =>
      `(select position, id from ${escapeIdentifier(name)} order by position, id limit 1)`,
  )
  const { rows } = await client.query<{ position: string; id: string }>(
    `${all.join(' union all ')} order by position, id limit 1`,
  )
  return rows[0] ?? null
}
