/** Making an account: the form, then the proof that its address is one's own. */
import * as auth from '@ashlar/sdk/auth'
import { Text } from '@mantine/core'
import { useState } from 'react'
import { AccountForm } from '../../frame/account-form.tsx'
import { useAddress } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { Go } from '../../frame/go.tsx'
import { PlainScreen } from '../../frame/plain-screen.tsx'
import { renewSession, useSession } from '../../frame/session.ts'
import { useWords } from '../../frame/words.ts'
import { Onward } from './onward.tsx'
import { Confirmation, type Registered } from './confirmation.tsx'
import { stepWords } from './step-words.ts'

export default function RegisterScreen() {
  const words = useWords(stepWords)
  const { user } = useSession()
  const { search, change } = useAddress()
  const [registered, setRegistered] = useState<Registered | null>(null)
  if (user !== null) return <Onward />
  if (search['step'] === 'confirm') return <Confirmation of={registered} />
  return (
    <PlainScreen title={words.register} lead={words.registerLead}>
      <AccountForm
        passwordHint={words.passwordHint}
        submit={words.register}
        send={async (account) => ({
          email: account.email,
          password: account.password,
          answer: await call(auth.register, { body: account }),
        })}
        onDone={async ({ answer, ...given }) => {
          // An installation that asks for no proof has signed them in already.
          if (!('status' in answer)) return renewSession()
          setRegistered(given)
          return change({ step: 'confirm' })
        }}
      />
      <Text size="sm">
        {words.haveCode}{' '}
        <Go to="/register" search={{ ...search, step: 'confirm' }} underline="always">
          {words.typeCode}
        </Go>
      </Text>
      <Text size="sm">
        {words.haveAccount}{' '}
        <Go to="/sign-in" search={search} underline="always">
          {words.signIn}
        </Go>
      </Text>
    </PlainScreen>
  )
}
