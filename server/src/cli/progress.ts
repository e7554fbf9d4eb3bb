/** A bar on standard error, where that is a terminal: nobody else wants to read it. */

const width = 30
/** Faster than the eye, slower than the work. */
const redrawMs = 100

export type Progress = { show(done: number, total: number | null): void; end(): void }

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown }

export function openProgress(what: string, stderr: Terminal = process.stderr): Progress {
  let drawnAt = 0
  return {
    show: (done, total) => {
      if (!stderr.isTTY || Date.now() - drawnAt < redrawMs) return
      drawnAt = Date.now()
      stderr.write(`\r${what} ${barOf(done, total)}\u001b[K`)
    },
    end: () => {
      if (stderr.isTTY && drawnAt > 0) stderr.write('\r\u001b[K')
    },
  }
}

/** Without a total there is no bar, only the number. */
function barOf(done: number, total: number | null): string {
  const count = done.toLocaleString('en')
  if (total === null || total === 0) return count
  const share = Math.min(1, done / total)
  const full = Math.round(share * width)
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${Math.floor(share * 100)} %  ${count}`
}
