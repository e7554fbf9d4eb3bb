/** Telling errors apart: every code that the operation declares has its case, or this does not compile. */
import { createClient, isProblem, unhandled } from '@ashlar/sdk'
import * as auth from '@ashlar/sdk/auth'

const [, , baseUrl = 'http://localhost:5000', email = ''] = process.argv

const ashlar = createClient({ baseUrl })

try {
  await auth.login(ashlar, { body: { email, password: 'not the password' } })
} catch (error) {
  if (!isProblem(error, auth.login)) throw error
  switch (error.code) {
    case 'auth.invalid_credentials':
      console.log('The name or the password is wrong.')
      break
    case 'http.invalid_request':
      for (const { pointer, message } of error.errors) console.log(`${pointer} ${message}`)
      break
    case 'rate_limit.exceeded':
      console.log(`Try again in ${error.retryAfterSeconds} seconds.`)
      break
    case 'tokens.unavailable':
      console.log('Try again later.')
      break
    default:
      unhandled(error)
  }
}
