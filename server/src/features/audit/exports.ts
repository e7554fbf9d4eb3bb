/** Exports: the log as a file, read page by page while it is sent, so that its size does not matter. */
import type { Ctx } from '../../platform/context.ts'
import { auditExported, exportCutOff } from './events.ts'
import { type FactFilter, type FactRow, listFactsAfter } from './facts.ts'
import { presentFact } from './views.ts'

export const formats = ['csv', 'ndjson'] as const
export type Format = (typeof formats)[number]

export const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** The most rows that are in memory at once. */
export const pageRows = 1_000

type View = ReturnType<typeof presentFact>

const columns = {
  id: (fact: View) => fact.id,
  at: (fact) => fact.at,
  action: (fact) => fact.action,
  status: (fact) => fact.status,
  actorKind: (fact) => fact.actor.kind,
  actorId: (fact) => fact.actor.id,
  onBehalfOf: (fact) => fact.onBehalfOf,
  subjectId: (fact) => fact.subjectId,
  ip: (fact) => fact.ip,
  requestId: (fact) => fact.requestId,
  data: (fact) => JSON.stringify(fact.data),
  before: (fact) => fact.before && JSON.stringify(fact.before),
  after: (fact) => fact.after && JSON.stringify(fact.after),
} satisfies Record<string, (fact: View) => string | null>

const header = `${Object.keys(columns).join(',')}\r\n`

export type ExportOptions = {
  /** Told how many rows each piece of text holds. */
  readonly onPage?: (rows: number) => void
  /** Asked before each piece but the first. */
  readonly mayHaveMore: () => Promise<boolean>
}

/**
 * Records that the log is taken away, then gives it, oldest first, as it is now. Whoever stops reading ends it. Whoever
 * may not have it any more gets no further piece: the generator throws, which cuts the answer off, and that is recorded.
 */
export async function exportFacts(
  ctx: Ctx,
  { format, filter }: { readonly format: Format; readonly filter: FactFilter },
  options: ExportOptions,
): Promise<AsyncGenerator<string>> {
  await ctx.tx((tx) => tx.record(auditExported, null, { format, filter: textsOf(filter) }))
  return pagesOf(ctx, format, { ...filter, to: filter.to ?? endOfMs(ctx.now) }, options)
}

/** The database tells time by the microsecond, this process by the millisecond: what was recorded within this one is there. */
const endOfMs = (time: Date) => new Date(time.getTime() + 1)

async function* pagesOf(
  ctx: Ctx,
  format: Format,
  filter: FactFilter,
  { onPage, mayHaveMore }: ExportOptions,
): AsyncGenerator<string> {
  const lineOf = format === 'csv' ? csvLine : ndjsonLine
  if (format === 'csv') yield header
  let [after, sent]: [string | null, number] = [null, 0]
  for (;;) {
    if (after !== null && !(await mayHaveMore())) {
      const rows = sent
      await ctx.tx((tx) => tx.record(exportCutOff, null, { rows }))
      throw new Error('whoever took the log away may not have it any more')
    }
    const rows: FactRow[] = await listFactsAfter(ctx, filter, after, pageRows)
    const last = rows.at(-1)
    if (!last) return
    onPage?.(rows.length)
    yield rows.map((row) => lineOf(presentFact(row))).join('')
    if (rows.length < pageRows) return
    after = last.id
    sent += rows.length
  }
}

const ndjsonLine = (fact: View) => `${JSON.stringify(fact)}\n`

const csvLine = (fact: View) =>
  `${Object.values(columns)
    .map((valueOf) => cellOf(valueOf(fact) ?? ''))
    .join(',')}\r\n`

/** A spreadsheet takes what begins like a formula for one, and runs it (OWASP: CSV injection). RFC 4180 does the rest. */
export function cellOf(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function textsOf(filter: FactFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => {
      if (value === undefined) return []
      return [[name, value instanceof Date ? value.toISOString() : value] as const]
    }),
  )
}
