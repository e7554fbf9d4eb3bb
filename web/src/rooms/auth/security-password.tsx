/** One's password: changed, or set where there is none. */
import * as auth from '@ashlar/sdk/auth'
import { Stack, Text } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { secret } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Section } from '../../frame/screen.tsx'
import { useMe } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { securityWords } from './security-words.ts'

export function Password() {
  const words = useWords(securityWords)
  return (
    <Section title={words.password}>
      <Shown of={useRead(auth.stepUpMethods)} lines={4}>
        {({ methods }) => (methods.includes('password') ? <Change /> : <NoPassword />)}
      </Shown>
    </Section>
  )
}

function Change() {
  const words = useWords(securityWords)
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.changeHint}
      </Text>
      <ApiForm
        clears
        fields={{
          currentPassword: secret({
            label: words.currentPassword,
            required: true,
            autoComplete: 'current-password',
          }),
          newPassword: secret({
            label: words.newPassword,
            hint: words.newPasswordHint,
            required: true,
            autoComplete: 'new-password',
          }),
        }}
        submit={words.change}
        done={words.changed}
        send={(body) => call(auth.changePassword, { body })}
        onDone={() => changed('auth/sessions')}
      />
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="dimmed">
          {words.forgotten}
        </Text>
        <SendLink />
      </Stack>
    </>
  )
}

function NoPassword() {
  const words = useWords(securityWords)
  const { email } = useMe()
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{fill(words.noPassword, { email })}</Text>
      <SendLink />
    </Stack>
  )
}

function SendLink() {
  const words = useWords(securityWords)
  const { email } = useMe()
  return (
    <Action
      label={words.sendLink}
      size="xs"
      done={words.linkSent}
      run={() => call(auth.forgotPassword, { body: { email } })}
    />
  )
}
