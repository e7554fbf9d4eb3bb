/** A program with a key of its own, which does no more than its scopes name. */
import { apiKey, createClient, isProblem, tokenSession } from '@ashlar/sdk'
import * as auth from '@ashlar/sdk/auth'
import * as users from '@ashlar/sdk/users'

const [, , baseUrl = 'http://localhost:5000', email = '', password = ''] = process.argv

const person = createClient({ baseUrl, credential: tokenSession() })
await auth.login(person, { body: { email, password } })
const { key } = await auth.createApiKey(person, {
  body: { name: 'Nightly report', scopes: ['users.read_self'] },
})

const program = createClient({ baseUrl, credential: apiKey(key) })
const owner = await users.getMe(program)
console.log(`this key is ${owner.email}’s`)

try {
  await users.updateMe(program, { body: { name: 'Somebody else' } })
} catch (error) {
  if (!isProblem(error, users.updateMe) || error.code !== 'access.forbidden') throw error
  console.log('and changes nothing')
}
