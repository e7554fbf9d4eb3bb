/** An account from nothing: sign up, prove the address with the mailed code, sign in, see who you are, sign out. */
import { createClient, tokenSession } from '@ashlar/sdk'
import * as auth from '@ashlar/sdk/auth'
import * as users from '@ashlar/sdk/users'

const [, , baseUrl = 'http://localhost:5000', email = 'ada@example.com', password = ''] =
  process.argv

const ashlar = createClient({ baseUrl, credential: tokenSession() })

await auth.register(ashlar, { body: { email, password } })
const code = await mailedCode()
await auth.verifyEmail(ashlar, { body: { email, code } })

const signedIn = await auth.login(ashlar, { body: { email, password } })
if ('twoFactorRequired' in signedIn) throw new Error('a code of the authenticator is needed, too')

const me = await users.getMe(ashlar)
console.log(`signed in as ${me.email}`)

await auth.logout(ashlar)

/** Development captures its mails; a person would read theirs. */
async function mailedCode(): Promise<string> {
  for (;;) {
    const mailbox = await fetch(`${baseUrl}/dev/mailbox?to=${encodeURIComponent(email)}`)
    const { data } = (await mailbox.json()) as { data: { text: string }[] }
    const found = /\b(\d{6})\b/.exec(data[0]?.text ?? '')?.[1]
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
