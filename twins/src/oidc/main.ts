/** Runs the OIDC twin by hand: `node twins/src/oidc/main.ts --port 9100 --callback http://localhost:5000/api/v1/oidc/twin/callback`. */
import { parseArgs } from 'node:util'
import { startOidcTwin } from './index.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '9100' },
    host: { type: 'string', default: '127.0.0.1' },
    'client-id': { type: 'string', default: 'ashlar' },
    'client-secret': { type: 'string', default: 'twin-secret' },
    callback: { type: 'string', multiple: true, default: [] },
    shape: { type: 'string', default: 'generic' },
  },
})

const twin = await startOidcTwin({
  port: Number(values.port),
  host: values.host,
  shape: values.shape === 'cognito' ? 'cognito' : 'generic',
  clients: [
    { id: values['client-id'], secret: values['client-secret'], redirectUris: values.callback },
  ],
  accounts: [
    { id: '1', email: 'ada@example.com', isEmailVerified: true, name: 'Ada' },
    { id: '2', email: 'bob@example.com', isEmailVerified: false, name: 'Bob' },
    { id: '3', email: null, isEmailVerified: false, name: 'Nobody in particular' },
  ],
})
console.log(`OIDC twin, issuer ${twin.issuer}, client ${values['client-id']}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void twin.close())
// Whoever started it with a channel is gone; the channel alone is no reason to stay.
process.once('disconnect', () => void twin.close())
process.channel?.unref()
