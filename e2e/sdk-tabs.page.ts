/** What runs in each tab of `sdk-browser.test.ts`: one client per tab, whose tokens are in the storage they share. */
import { createClient, storageStore, tokenSession } from '../sdk/src/index.ts'
import * as auth from '../sdk/src/generated/auth.ts'
import * as users from '../sdk/src/generated/users.ts'

type Area = Parameters<typeof storageStore>[0]
const { document, localStorage } = globalThis as unknown as {
  document: { body: { dataset: Record<string, string> } }
  localStorage: Area
}

const store = storageStore(localStorage)
const client = createClient({
  baseUrl: document.body.dataset['api'] ?? '',
  credential: tokenSession({ store }),
})

Object.assign(globalThis, {
  tab: {
    signIn: async (email: string, password: string) => {
      await auth.login(client, { body: { email, password } })
    },
    /** The access token is as good as expired. */
    age: async () => {
      const tokens = await store.read()
      if (tokens) await store.write({ ...tokens, refreshAt: 0 })
    },
    kept: async () => {
      const tokens = await store.read()
      return `${tokens?.refreshToken} ${tokens?.refreshAt === 0 ? 'old' : 'good'}`
    },
    whoami: async () => (await users.getMe(client)).email,
  },
})
