/** A process for tests: takes the payment that its parent sends, and is killed between the two transactions of it. */
import { loadConfig } from '../config/index.ts'
import { createMetrics, openLog } from '../telemetry/index.ts'
import { openProcess } from '../../app/process.ts'
import { paymentRoutes } from './testing-payments.ts'

const loaded = loadConfig(process.env)
if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
const { config } = loaded
const appUrl = config.databaseUrl ?? ''
const opened = await openProcess({
  settings: { ...config, secretKey: config.secretKey ?? '' },
  location: { appUrl, ownerUrl: config.databaseOwnerUrl ?? appUrl, role: null },
  log: openLog({ level: 'silent', name: 'dying', version: 'test' }),
  metrics: createMetrics({ version: 'test' }),
  eventLoopLagMs: () => 0,
  instrument: paymentRoutes({
    before: async () => {},
    ask: async () => {
      process.kill(process.pid, 'SIGKILL')
      // The signal may take a moment; nothing of ours runs in it.
      await new Promise(() => {})
    },
  }),
})
const app = await opened.openApp()
process.once('message', (request: { url: string; headers: object; payload: string }) => {
  void app.inject({ ...request, method: 'POST', headers: { ...request.headers } })
})
process.send?.('ready')
