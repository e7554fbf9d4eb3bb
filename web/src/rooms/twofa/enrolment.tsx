/** Setting up an authenticator: the password, the picture to scan, and a code as the proof that it was. */
import * as auth from '@ashlar/sdk/auth'
import * as twofa from '@ashlar/sdk/twofa'
import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import { AuthenticatorProof } from '../../frame/authenticator-proof.tsx'
import { call, useRead } from '../../frame/api.ts'
import { secret } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Section } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { twofaWords } from './words.ts'

type Secret = Awaited<ReturnType<typeof twofa.setup>>
type Enabled = Awaited<ReturnType<typeof twofa.enable>>

export function Enrolment({ onEnabled }: { readonly onEnabled: (enabled: Enabled) => unknown }) {
  const words = useWords(twofaWords)
  const [made, setMade] = useState<Secret | null>(null)
  return (
    <Section title={words.setUp}>
      {made === null ? (
        <Begin onMade={setMade} />
      ) : (
        <Confirm made={made} onEnabled={onEnabled} onAgain={() => setMade(null)} />
      )}
    </Section>
  )
}

function Begin({ onMade }: { readonly onMade: (made: Secret) => void }) {
  const words = useWords(twofaWords)
  return (
    <>
      <Text size="sm">{words.setUpHint}</Text>
      <Shown of={useRead(auth.stepUpMethods)} lines={2}>
        {/* Without a password the server asks for another proof, as it does everywhere. */}
        {({ methods }) => (
          <ApiForm
            fields={
              methods.includes('password')
                ? {
                    password: secret({
                      label: words.password,
                      hint: words.passwordHint,
                      required: true,
                      autoComplete: 'current-password',
                    }),
                  }
                : {}
            }
            submit={words.begin}
            send={({ password }: { password?: string }) =>
              call(twofa.setup, { body: password === undefined ? {} : { password } })
            }
            onDone={onMade}
          />
        )}
      </Shown>
    </>
  )
}

function Confirm({
  made,
  onEnabled,
  onAgain,
}: {
  readonly made: Secret
  readonly onEnabled: (enabled: Enabled) => unknown
  readonly onAgain: () => void
}) {
  const words = useWords(twofaWords)
  return (
    <>
      <AuthenticatorProof
        made={made}
        submit={words.turnOn}
        send={(code) => call(twofa.enable, { body: { code } })}
        onDone={onEnabled}
      />
      <Button variant="subtle" size="compact-sm" w="fit-content" onClick={onAgain}>
        {words.startOver}
      </Button>
    </>
  )
}
