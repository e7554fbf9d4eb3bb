/**
 * What tests opened and nobody else closes. `afterAll` knows only of what is said while a file is collected; a server
 * that a test starts for itself would run on, with its connections and its polling, until the last file has ended.
 */
const closers: (() => Promise<unknown>)[] = []

/** Closed after the test in which this is called; called outside of one, when its file ends. */
export function atEnd(close: () => Promise<unknown>): void {
  closers.push(close)
}

export const countOpen = (): number => closers.length

/** Closes the newest first, until so many are open; throws what failed when all were tried. */
export async function closeDownTo(count: number): Promise<void> {
  const failures: unknown[] = []
  while (closers.length > count)
    await closers
      .pop()?.()
      .catch((error: unknown) => failures.push(error))
  if (failures.length > 0)
    throw new AggregateError(failures, 'what a test had opened did not close')
}
