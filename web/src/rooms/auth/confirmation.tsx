/** The code of the mail that proves an address; whoever has just registered is signed in with it. */
import * as auth from '@ashlar/sdk/auth'
import { Text } from '@mantine/core'
import { notify } from '../../frame/notify.ts'
import { useNavigate } from '@tanstack/react-router'
import { useAddress } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Go } from '../../frame/go.tsx'
import { Screen } from '../../frame/screen.tsx'
import { renewSession } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { withoutSpaces } from './mail-steps.tsx'
import { MailboxHint } from './mailbox-hint.tsx'
import { SendAgain } from './send-again.tsx'
import { stepWords } from './step-words.ts'

/** What was typed in a moment ago, and nowhere kept. */
export type Registered = { readonly email: string; readonly password: string }

export function Confirmation({ of }: { readonly of: Registered | null }) {
  const words = useWords(stepWords)
  const navigate = useNavigate()
  const { search } = useAddress()
  const { step: _step, ...onward } = search

  async function proceed() {
    try {
      if (of === null) throw new Error('nobody has just registered here')
      await call(auth.login, { body: of })
      await renewSession()
    } catch {
      // The address may have been proven for another password than this one: they sign in by themselves.
      await notify({ message: words.confirmed, color: 'teal' })
      await navigate({ to: '/sign-in', search: onward } as never)
    }
  }

  return (
    <Screen
      title={words.confirmTitle}
      lead={of === null ? words.confirmLeadBare : fill(words.confirmLead, { email: of.email })}
    >
      <ApiForm
        fields={{
          email: text({
            label: words.email,
            initial: of?.email ?? '',
            type: 'email',
            required: true,
            maxLength: 320,
            autoComplete: 'username',
          }),
          code: text({
            label: words.mailedCode,
            required: true,
            maxLength: 7,
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
          }),
        }}
        isFocused
        submit={words.confirm}
        send={({ email, code }) =>
          call(auth.verifyEmail, { body: { email, code: withoutSpaces(code) } })
        }
        onDone={proceed}
      />
      {of !== null && (
        <SendAgain send={() => call(auth.resendVerification, { body: { email: of.email } })} />
      )}
      <MailboxHint />
      <Text size="sm">
        {words.confirmedByLink}{' '}
        <Go to="/sign-in" search={onward} underline="always">
          {words.signIn}
        </Go>
      </Text>
    </Screen>
  )
}
