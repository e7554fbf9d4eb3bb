/** A page that signs in with a cookie. Its origin is one that the server knows (CORS_ORIGINS). */
import { cookieSession, createClient, isProblem } from '@ashlar/sdk'
import * as auth from '@ashlar/sdk/auth'
import * as users from '@ashlar/sdk/users'

const page = document.body
const ashlar = createClient({
  baseUrl: page.dataset['api'] ?? '',
  credential: cookieSession(),
  maxWaitSeconds: 5,
})

document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault()
  void signIn(valueOf('email'), valueOf('password'))
})

async function signIn(email: string, password: string): Promise<void> {
  try {
    await auth.login(ashlar, { body: { email, password } })
    // The session's CSRF token came with the answer, and goes with this.
    const { name } = await users.updateMe(ashlar, { body: { name: 'Ada' } })
    show(`Hello ${name}`)
  } catch (error) {
    if (!isProblem(error, auth.login)) throw error
    show(error.message)
  }
}

const valueOf = (name: string) =>
  document.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? ''

function show(text: string): void {
  page.append(Object.assign(document.createElement('output'), { value: text }))
}
