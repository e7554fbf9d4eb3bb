/** Runs the KMS twin by hand: `node twins/src/kms/main.ts --port 9100 --alias alias/tokens`. */
import { parseArgs } from 'node:util'
import { startKmsTwin } from './index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9100' },
    host: { type: 'string', default: '127.0.0.1' },
    region: { type: 'string', default: 'us-east-1' },
    'access-key-id': { type: 'string', default: 'twin' },
    'secret-access-key': { type: 'string', default: 'twin-secret' },
    alias: { type: 'string', multiple: true, default: ['alias/tokens'] },
  },
})

const twin = await startKmsTwin({
  port: Number(values.port),
  host: values.host,
  region: values.region,
  accessKeyId: values['access-key-id'],
  secretAccessKey: values['secret-access-key'],
})
for (const alias of values.alias) twin.alias(alias, twin.createKey().id)
console.log(`KMS twin at ${twin.url}, keys: ${values.alias.join(', ')}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void twin.close())
}
