/** An effect that happens once, though the connection breaks: the proxy behind the first address cuts its first answers. */
import { createClient, tokenSession } from '@ashlar/sdk'
import * as auth from '@ashlar/sdk/auth'
import * as privacy from '@ashlar/sdk/privacy'

const [, , baseUrl = 'http://localhost:5000', email = '', password = '', shakyUrl = baseUrl] =
  process.argv

const session = tokenSession()
const ashlar = createClient({ baseUrl, credential: session })
const shaky = createClient({ baseUrl: shakyUrl, credential: session })
await auth.login(ashlar, { body: { email, password } })

// Sent as often as it takes, under one key.
await privacy.requestExport(shaky)

// A key of your own names the intent: two clicks, two tabs or a program that starts again all mean the same export.
const first = await privacy.requestExport(shaky, { idempotencyKey: 'export-of-november' })
const again = await privacy.requestExport(ashlar, { idempotencyKey: 'export-of-november' })
console.log(first.id === again.id ? 'the same export' : 'two exports')

const exports = await privacy.listExports(ashlar)
console.log(`${exports.length} exports`)
