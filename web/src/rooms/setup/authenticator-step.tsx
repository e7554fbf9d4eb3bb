/** The authenticator of the first administrator: QR code, key, and the code that shows it was taken over. */
import * as admin from '@ashlar/sdk/admin'
import { Alert, Button, Group } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../frame/api.ts'
import { AuthenticatorProof } from '../../frame/authenticator-proof.tsx'
import { GoButton } from '../../frame/go.tsx'
import { useProblemText } from '../../frame/problem-text.ts'
import { PlainScreen } from '../../frame/plain-screen.tsx'
import { renewSession } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { setupWords } from './words.ts'

type Secret = Awaited<ReturnType<typeof admin.setUpMfa>>

export function AuthenticatorStep({
  onDone,
}: {
  readonly onDone: (backupCodes: readonly string[]) => void
}) {
  const words = useWords(setupWords)
  const [secret, setSecret] = useState<Secret | null>(null)
  return (
    <PlainScreen
      title={words.authenticator}
      lead={`${fill(words.step, { step: 2 })}. ${words.authenticatorLead}`}
    >
      {secret === null ? (
        <Beginning onSecret={setSecret} />
      ) : (
        <AuthenticatorProof
          made={secret}
          submit={words.confirm}
          send={(code) => call(admin.verifyMfa, { body: { code } })}
          onDone={async ({ backupCodes }) => {
            onDone(backupCodes)
            await renewSession()
          }}
        />
      )}
    </PlainScreen>
  )
}

function Beginning({ onSecret }: { readonly onSecret: (secret: Secret) => void }) {
  const words = useWords(setupWords)
  const problemText = useProblemText()
  const [failure, setFailure] = useState<string | null>(null)
  const begin = () =>
    call(admin.setUpMfa).then(onSecret, (error: unknown) => setFailure(problemText(error)))
  return (
    <>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <Group justify="flex-end">
        <GoButton to="/admin/checklist" variant="subtle">
          {words.later}
        </GoButton>
        <Button onClick={() => void begin()}>{words.begin}</Button>
      </Group>
    </>
  )
}
