/** The authenticator of the first administrator: QR code, key, and the code that shows it was taken over. */
import * as admin from '@ashlar/sdk/admin'
import { Alert, Button, Group, Image, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../frame/api.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { GoButton } from '../../frame/go.tsx'
import { useProblemText } from '../../frame/problem-text.ts'
import { Copyable, Screen } from '../../frame/screen.tsx'
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
    <Screen
      title={words.authenticator}
      lead={`${fill(words.step, { step: 2 })}. ${words.authenticatorLead}`}
    >
      {secret === null ? (
        <Beginning onSecret={setSecret} />
      ) : (
        <Confirming secret={secret} onDone={onDone} />
      )}
    </Screen>
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

function Confirming({
  secret: { secret, qrDataUrl },
  onDone,
}: {
  readonly secret: Secret
  readonly onDone: (backupCodes: readonly string[]) => void
}) {
  const words = useWords(setupWords)
  return (
    <Stack>
      <Text>{words.scan}</Text>
      <Image src={qrDataUrl} alt={words.qr} w={200} h={200} mx="auto" radius="sm" />
      <Text size="sm" ta="center">
        {words.key}: <Copyable text={secret} shown={secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} />
      </Text>
      <ApiForm
        fields={{
          code: text({
            label: words.code,
            required: true,
            maxLength: 7,
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
          }),
        }}
        isFocused
        submit={words.confirm}
        send={({ code }) => call(admin.verifyMfa, { body: { code: code.trim() } })}
        onDone={async ({ backupCodes }) => {
          onDone(backupCodes)
          await renewSession()
        }}
      />
    </Stack>
  )
}
