/** The second step of signing in: a code of the authenticator, a backup code, or a passkey. */
import * as auth from '@ashlar/sdk/auth'
import { Alert, Button, Group } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../../frame/api.ts'
import { consent, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { knowsPasskeys, showPasskey } from '../../frame/passkeys.ts'
import { Screen } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { useAttempt } from './attempt.ts'
import { type Door, enter, type Held } from './held.ts'
import { stepWords } from './step-words.ts'

export default function SecondStep({
  held: { pendingToken, methods },
  door,
  onBack,
}: {
  readonly held: Held
  readonly door: Door
  readonly onBack: () => void
}) {
  const words = useWords(stepWords)
  const { failure, isBusy, attempt } = useAttempt()
  const [way, choose] = useState(methods.find((method) => method !== 'passkey') ?? 'passkey')
  const other = way === 'totp' ? 'backup_code' : 'totp'

  async function byPasskey() {
    const passkey = await showPasskey(await call(auth.askSecondPasskey, { body: { pendingToken } }))
    await enter(await call(auth.verifySecondFactor, { body: { pendingToken, passkey } }), door)
  }

  return (
    <Screen title={words.secondTitle} lead={words.secondLead}>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      {way !== 'passkey' && (
        <ApiForm
          key={way}
          fields={{
            code: text({
              ...(way === 'totp'
                ? { label: words.code, hint: words.codeHint, inputMode: 'numeric' }
                : { label: words.backupCode, hint: words.backupHint }),
              required: true,
              maxLength: 40,
              autoComplete: 'one-time-code',
            }),
            trustDevice: consent({ label: words.trust }),
          }}
          isFocused
          submit={words.proceed}
          send={({ code, trustDevice }) =>
            call(auth.verifySecondFactor, {
              body: {
                pendingToken,
                trustDevice,
                ...(way === 'totp' ? { code: code.trim() } : { backupCode: code.trim() }),
              },
            })
          }
          onDone={(answer) => enter(answer, door)}
        />
      )}
      {knowsPasskeys && methods.includes('passkey') && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={18} aria-hidden />}
          loading={isBusy}
          onClick={() => void attempt(byPasskey)}
        >
          {words.passkey}
        </Button>
      )}
      <Group justify="space-between">
        {methods.includes(other) && (
          <Button variant="subtle" size="compact-sm" onClick={() => choose(other)}>
            {other === 'totp' ? words.useCode : words.useBackup}
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" color="gray" onClick={onBack}>
          {words.startAgain}
        </Button>
      </Group>
    </Screen>
  )
}
