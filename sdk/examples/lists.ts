/** Lists of any length, row by row. */
import { createClient, pages, tokenSession } from '@ashlar/sdk'
import * as audit from '@ashlar/sdk/audit'
import * as auth from '@ashlar/sdk/auth'

const [, , baseUrl = 'http://localhost:5000', email = '', password = ''] = process.argv

const ashlar = createClient({ baseUrl, credential: tokenSession() })
await auth.login(ashlar, { body: { email, password } })

for await (const { action, at } of pages(ashlar, audit.listOwn, { query: { limit: 2 } })) {
  console.log(`${at} ${action}`)
}
