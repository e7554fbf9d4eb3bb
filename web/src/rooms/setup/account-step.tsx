/** The account of the first administrator, who is signed in with it at once. */
import * as admin from '@ashlar/sdk/admin'
import * as auth from '@ashlar/sdk/auth'
import { Group } from '@mantine/core'
import { AccountForm } from '../../frame/account-form.tsx'
import { call } from '../../frame/api.ts'
import { GoButton } from '../../frame/go.tsx'
import { PlainScreen } from '../../frame/plain-screen.tsx'
import { renewSession } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { setupWords } from './words.ts'

export function AccountStep({
  token,
  onDone,
}: {
  readonly token: string
  readonly onDone: () => void
}) {
  const words = useWords(setupWords)
  return (
    <PlainScreen
      title={words.welcome}
      lead={`${fill(words.step, { step: 1 })}. ${words.welcomeLead}`}
    >
      <AccountForm
        passwordHint={words.passwordHint}
        submit={words.create}
        send={async (account) => {
          await call(admin.setup, { body: { token, ...account } })
          return account
        }}
        onDone={async ({ email, password }) => {
          await call(auth.login, { body: { email, password } })
          await renewSession()
          onDone()
        }}
      />
    </PlainScreen>
  )
}

export function NoLink() {
  const words = useWords(setupWords)
  return (
    <PlainScreen title={words.incomplete} lead={words.incompleteHint}>
      <Group justify="flex-end">
        <GoButton to="/sign-in">{words.signIn}</GoButton>
      </Group>
    </PlainScreen>
  )
}
