/** The first step of signing in: by password, or by one of the other ways. */
import * as auth from '@ashlar/sdk/auth'
import { Alert, Anchor, Button, Divider, Stack, Text } from '@mantine/core'
import { IconFingerprint, IconMail } from '@tabler/icons-react'
import { lazy } from 'react'
import { useAddress } from '../../frame/address.ts'
import { call } from '../../frame/api.ts'
import { secret, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { Go, GoButton } from '../../frame/go.tsx'
import { knowsPasskeys, showPasskey } from '../../frame/passkeys.ts'
import { Screen } from '../../frame/screen.tsx'
import { useLanguage, useWords } from '../../frame/words.ts'
import { useAttempt } from './attempt.ts'
import { type Door, enter } from './held.ts'
import { Providers } from './providers.tsx'
import { authWords } from './words.ts'

const Refusal = lazy(() => import('./refusal.tsx'))

export function FirstStep({
  refusal,
  onName,
  door,
}: {
  /** The code of an error that a provider's return brought. */
  readonly refusal: string | null
  readonly onName: (name: string) => void
  readonly door: Door
}) {
  const words = useWords(authWords)
  const language = useLanguage()
  const { search } = useAddress()
  const { failure, isBusy, attempt } = useAttempt()

  async function byPasskey() {
    const passkey = await showPasskey(await call(auth.askPasskey))
    await enter(await call(auth.signInWithPasskey, { body: { passkey } }), door)
  }

  return (
    <Screen title={words.signIn}>
      {failure && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      {refusal && !failure && <Refusal code={refusal} />}
      <ApiForm
        fields={{
          email: text({
            label: words.name,
            required: true,
            maxLength: 320,
            autoComplete: 'username',
          }),
          password: secret({
            label: words.password,
            required: true,
            autoComplete: 'current-password',
          }),
        }}
        isFocused
        onChange={({ email }) => onName(email)}
        submit={words.signIn}
        send={(body) => call(auth.login, { body })}
        onDone={(answer) => enter(answer, door)}
      >
        <Text size="sm">
          <Anchor href={`/forgot-password?lang=${language}`}>{words.forgotten}</Anchor>
        </Text>
      </ApiForm>
      <Divider label={words.or} />
      <Stack gap="sm">
        {knowsPasskeys && (
          <Button
            variant="default"
            leftSection={<IconFingerprint size={18} aria-hidden />}
            loading={isBusy}
            onClick={() => void attempt(byPasskey)}
          >
            {words.passkey}
          </Button>
        )}
        <GoButton
          variant="default"
          leftSection={<IconMail size={18} aria-hidden />}
          to="/sign-in"
          search={{ ...search, step: 'mail' }}
        >
          {words.mailMe}
        </GoButton>
        <Providers attempt={attempt} />
      </Stack>
      <Text size="sm" ta="center">
        {words.noAccount}{' '}
        <Go to="/register" search={search} underline="always">
          {words.register}
        </Go>
      </Text>
    </Screen>
  )
}
