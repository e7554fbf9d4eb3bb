/** The one page for every way of signing in. */
import * as auth from '@ashlar/sdk/auth'
import { useNavigate } from '@tanstack/react-router'
import { useAddress } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { secret, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Screen } from '../../frame/screen.tsx'
import { renewSession } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { authWords } from './words.ts'

export default function SignInScreen() {
  const words = useWords(authWords)
  const { search } = useAddress()
  const navigate = useNavigate()
  return (
    <Screen title={words.signIn}>
      <ApiForm
        fields={{
          email: text({ label: words.name, required: true, autoComplete: 'username webauthn' }),
          password: secret({
            label: words.password,
            required: true,
            autoComplete: 'current-password',
          }),
        }}
        submit={words.signIn}
        send={({ email, password }) => call(auth.login, { body: { email, password } })}
        onDone={async () => {
          await renewSession()
          await navigate({ to: search['to'] ?? '/account' })
        }}
      />
    </Screen>
  )
}
