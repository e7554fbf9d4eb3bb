/** Rows as a file that spreadsheets open (RFC 4180). */

type CsvColumn<Row> = {
  readonly id: string
  readonly title: string
  readonly text?: (row: Row) => string
}

export function csvOf<Row>(rows: readonly Row[], columns: readonly CsvColumn<Row>[]): string {
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(',')}\r\n`
  return (
    line(columns.map(({ title }) => title)) +
    rows
      .map((row) =>
        line(
          columns.map(({ id, text }) =>
            text ? text(row) : plain((row as Record<string, unknown>)[id]),
          ),
        ),
      )
      .join('')
  )
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What starts like a formula would be one to a spreadsheet (OWASP, CSV injection). */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
