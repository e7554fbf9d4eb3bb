/** The account of the first administrator, who is signed in with it at once. */
import * as admin from '@ashlar/sdk/admin'
import * as auth from '@ashlar/sdk/auth'
import { Group } from '@mantine/core'
import { call } from '../../frame/api.ts'
import { secret, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { GoButton } from '../../frame/go.tsx'
import { Screen } from '../../frame/screen.tsx'
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
    <Screen title={words.welcome} lead={`${fill(words.step, { step: 1 })}. ${words.welcomeLead}`}>
      <ApiForm
        fields={{
          name: text({ label: words.name, maxLength: 100, autoComplete: 'name' }),
          email: text({
            label: words.email,
            type: 'email',
            required: true,
            maxLength: 320,
            autoComplete: 'username',
          }),
          password: secret({
            label: words.password,
            hint: words.passwordHint,
            required: true,
            autoComplete: 'new-password',
          }),
        }}
        isFocused
        submit={words.create}
        send={async ({ name, email, password }) => {
          const body = { token, email, password, ...(name.trim() && { name: name.trim() }) }
          await call(admin.setup, { body })
          return { email, password }
        }}
        onDone={async (body) => {
          await call(auth.login, { body })
          await renewSession()
          onDone()
        }}
      />
    </Screen>
  )
}

export function NoLink() {
  const words = useWords(setupWords)
  return (
    <Screen title={words.incomplete} lead={words.incompleteHint}>
      <Group justify="flex-end">
        <GoButton to="/sign-in">{words.signIn}</GoButton>
      </Group>
    </Screen>
  )
}
