/** Five-field cron expressions in UTC: minute, hour, day of month, month, day of week (POSIX crontab, with steps). */

type Field = { readonly values: ReadonlySet<number>; readonly isWildcard: boolean }

/** A parsed expression. Two restricted day fields mean "either of them", as in POSIX. */
export type Cron = {
  readonly minute: Field
  readonly hour: Field
  readonly day: Field
  readonly month: Field
  readonly weekday: Field
}

const shape = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/
/** Longest search for the next start: the 29th of February comes back after eight years at most. */
const searchDays = 366 * 9

/** Parses `minute hour day month weekday`. Throws a RangeError that names the wrong field. */
export function parseCron(expression: string): Cron {
  const fields = expression.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday)
    throw new RangeError(`cron expression "${expression}" must have five fields`)
  const read = (text: string, name: string, low: number, high: number) =>
    parseField(expression, text, name, low, high)
  const parsed: Cron = {
    minute: read(minute, 'minute', 0, 59),
    hour: read(hour, 'hour', 0, 23),
    day: read(day, 'day of month', 1, 31),
    month: read(month, 'month', 1, 12),
    // 0 and 7 are both Sunday.
    weekday: sundayOnce(read(weekday, 'day of week', 0, 7)),
  }
  if (!findNext(parsed, new Date(0)))
    throw new RangeError(`cron expression "${expression}" names a day that never comes`)
  return parsed
}

/** The first start strictly after a moment, on the full minute. */
export function nextAfter(cron: Cron, after: Date): Date {
  const next = findNext(cron, after)
  if (!next) throw new RangeError('this cron expression never starts')
  return next
}

function findNext(cron: Cron, after: Date): Date | null {
  const minuteMs = 60_000
  const first = new Date((Math.floor(after.getTime() / minuteMs) + 1) * minuteMs)
  const day = new Date(first)
  for (let count = 0; count < searchDays; count += 1) {
    if (isOnDay(cron, day)) {
      const found = firstInDay(cron, day, count === 0 ? first : day)
      if (found) return found
    }
    day.setUTCDate(day.getUTCDate() + 1)
    day.setUTCHours(0, 0, 0, 0)
  }
  return null
}

function isOnDay({ day, month, weekday }: Cron, date: Date): boolean {
  if (!month.values.has(date.getUTCMonth() + 1)) return false
  const onDay = day.values.has(date.getUTCDate())
  const onWeekday = weekday.values.has(date.getUTCDay())
  return day.isWildcard || weekday.isWildcard ? onDay && onWeekday : onDay || onWeekday
}

function firstInDay({ hour, minute }: Cron, day: Date, from: Date): Date | null {
  for (let h = from.getUTCHours(); h < 24; h += 1) {
    if (!hour.values.has(h)) continue
    const start = h === from.getUTCHours() ? from.getUTCMinutes() : 0
    for (let m = start; m < 60; m += 1) {
      if (minute.values.has(m))
        return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), h, m))
    }
  }
  return null
}

function parseField(
  expression: string,
  text: string,
  name: string,
  low: number,
  high: number,
): Field {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const [, range, step] = shape.exec(part) ?? []
    const fail = () =>
      new RangeError(`cron expression "${expression}": "${part}" is not a ${name} (${low}-${high})`)
    if (!range) throw fail()
    const [from, to] = range === '*' ? [low, high] : boundsOf(range, step ? high : null)
    const by = step ? Number(step) : 1
    if (from < low || to > high || from > to || by < 1) throw fail()
    for (let value = from; value <= to; value += by) values.add(value)
  }
  return { values, isWildcard: text.startsWith('*') }
}

/** `5` is one value, `5/10` runs from 5 to the end of the field, `5-20` is a range. */
function boundsOf(range: string, openEnd: number | null): [number, number] {
  const [from, to] = range.split('-').map(Number)
  return [from ?? 0, to ?? openEnd ?? from ?? 0]
}

const sundayOnce = (field: Field): Field => ({
  values: new Set([...field.values].map((value) => value % 7)),
  isWildcard: field.isWildcard,
})
