/** Runs the Stripe twin by hand: `node twins/src/stripe/main.ts --port 12111 --webhook http://127.0.0.1:3000/hooks`. */
import { parseArgs } from 'node:util'
import { type StripeTwin, startStripeTwin } from './index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '12111' },
    host: { type: 'string', default: '127.0.0.1' },
    'api-key': { type: 'string', default: 'sk_test_twin' },
    webhook: { type: 'string', multiple: true, default: [] },
    'connect-webhook': { type: 'string', multiple: true, default: [] },
    'webhook-secret': { type: 'string', default: 'whsec_twin' },
    file: { type: 'string' },
  },
})

let twin: StripeTwin | null = null
const end = () => (twin ? void twin.close() : process.exit())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
// Whoever started it with a channel is gone; the channel alone is no reason to stay.
process.once('disconnect', end)
process.channel?.unref()

const secret = values['webhook-secret']
try {
  twin = await startStripeTwin({
    ...(values.file !== undefined && { file: values.file }),
    apiKey: values['api-key'],
    port: Number(values.port),
    host: values.host,
    endpoints: [
      ...values.webhook.map((url) => ({ url, secret })),
      ...values['connect-webhook'].map((url) => ({ url, secret, isConnect: true })),
    ],
  })
  console.log(`Stripe twin at ${twin.url}, key ${values['api-key']}, webhook secret ${secret}`)
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error)
  console.error(problem)
  // Whoever started it with a channel says it in their own words.
  if (process.send) await new Promise((resolve) => process.send?.({ problem }, resolve))
  process.exit(1)
}
