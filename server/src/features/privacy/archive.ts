/** The archive of an export: one JSON file per part of each room, written as its rows come. */
import type { ReadCtx } from '../../platform/context.ts'
import type { Person, PersonalData } from '../../platform/personal-data.ts'
import { type ZipEntry, zipOf } from '../../platform/zip.ts'

/** Everything that these rooms know of a person, as a zip. */
export function archiveOf(
  ctx: ReadCtx,
  rooms: readonly PersonalData[],
  person: Person,
): AsyncGenerator<Buffer> {
  const parts = rooms.flatMap((room) =>
    room
      .collect(ctx, person)
      .map(({ name, rows }) => ({ file: `${room.room}/${name}.json`, rows })),
  )
  const entries: ZipEntry[] = parts.map(({ file, rows }) => ({ name: file, body: jsonOf(rows) }))
  const about = {
    userId: person.id,
    madeAt: ctx.now.toISOString(),
    format: 'One JSON array per file, UTF-8; times are RFC 3339 in UTC.',
    files: parts.map(({ file }) => file),
  }
  return zipOf([{ name: 'about.json', body: jsonOf([about]) }, ...entries])
}

async function* jsonOf(rows: AsyncIterable<object> | Iterable<object>): AsyncGenerator<string> {
  let lead = '['
  for await (const row of rows) {
    yield `${lead}\n${JSON.stringify(row)}`
    lead = ','
  }
  yield lead === '[' ? '[]\n' : '\n]\n'
}
