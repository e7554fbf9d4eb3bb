/** Signing in by mail: asking for it, and typing in its code. Its link does the same by itself. */
import * as auth from '@ashlar/sdk/auth'
import { useAddress } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Go } from '../../frame/go.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { type Door, enter } from './held.ts'
import { MailboxHint } from './mailbox-hint.tsx'
import { SendAgain } from './send-again.tsx'
import { stepWords } from './step-words.ts'

export function MailRequest({
  email,
  onSent,
}: {
  /** What was typed in before. */
  readonly email: string
  readonly onSent: (email: string) => void
}) {
  const words = useWords(stepWords)
  return (
    <Screen title={words.mailTitle} lead={words.mailLead}>
      <ApiForm
        fields={{
          email: text({
            label: words.email,
            initial: email,
            type: 'email',
            required: true,
            maxLength: 320,
            autoComplete: 'username',
          }),
        }}
        isFocused
        submit={words.send}
        send={async (body) => {
          await call(auth.requestMagicLink, { body })
          return body.email
        }}
        onDone={onSent}
      />
      <OtherWay />
    </Screen>
  )
}

export function MailedCode({
  email,
  door,
}: {
  /** Nothing after a reload: then it is asked for again. */
  readonly email: string
  readonly door: Door
}) {
  const words = useWords(stepWords)
  return (
    <Screen title={words.codeTitle} lead={words.signInMailed}>
      <ApiForm
        fields={{
          email: text({
            label: words.email,
            initial: email,
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
        submit={words.signIn}
        send={({ email: address, code }) =>
          call(auth.signInByMail, { body: { email: address, code: withoutSpaces(code) } })
        }
        onDone={(answer) => enter(answer, door)}
      />
      {email !== '' && <SendAgain send={() => call(auth.requestMagicLink, { body: { email } })} />}
      <MailboxHint />
      <OtherWay />
    </Screen>
  )
}

/** Codes are read aloud and copied in groups. */
export const withoutSpaces = (code: string) => code.replaceAll(/\s/g, '')

function OtherWay() {
  const words = useWords(stepWords)
  const { search } = useAddress()
  const { step: _step, ...rest } = search
  return (
    <Go to="/sign-in" search={rest} size="sm">
      {words.otherWay}
    </Go>
  )
}
