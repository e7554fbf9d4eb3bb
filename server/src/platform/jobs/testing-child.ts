/** A supervised process for tests: `node testing-child.ts MODE`. With `supervisor`, it supervises one itself. */
import { startHeartbeat } from './heartbeat.ts'
import { unusableStoreExitCode } from './redis-eviction.ts'
import { superviseWorker } from './supervise.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const held: Buffer[] = []
const end = (code: number) => () => process.exit(code)

const modes: Record<string, () => void> = {
  obedient: () => process.once('SIGTERM', end(0)),
  deaf: () => process.on('SIGTERM', () => {}),
  spin: () => {
    for (;;);
  },
  devour: () => {
    setInterval(() => held.push(Buffer.alloc(16 * 1024 * 1024, 1)), 20)
  },
  crash: end(3),
  refuse: end(unusableStoreExitCode),
  supervisor: () => {
    const supervised = superviseWorker({
      entry: new URL(import.meta.url),
      args: ['obedient'],
      log: silent,
    })
    const child = supervised.child()
    child?.once('message', () => process.send?.({ kind: 'child', pid: child.pid }))
  },
}

const mode = process.argv[2] ?? ''
if (mode !== 'supervisor') startHeartbeat(end(0))
setInterval(() => {}, 1_000)
// After the first heartbeat is on its way.
setTimeout(modes[mode] ?? end(1), 100)
