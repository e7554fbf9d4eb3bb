/** A thread in a supervised process: kills the process when its supervisor has been gone for a while. */

const checkMs = 1_000
/** Time for an orderly end, which the main thread begins by itself when it still can. */
const graceMs = 30_000

const parent = process.ppid
let goneSince: number | null = null

setInterval(() => {
  if (process.ppid === parent) return
  goneSince ??= Date.now()
  if (Date.now() - goneSince > graceMs) process.kill(process.pid, 'SIGKILL')
}, checkMs)
