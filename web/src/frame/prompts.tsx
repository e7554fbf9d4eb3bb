/** The dialog that asks for a proof: a factor once more, or a code that opens administration. */
import * as auth from '@ashlar/sdk/auth'
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { client, reading } from './api.ts'
import { frameWords } from './frame-words.ts'
import { showPasskey } from './passkeys.ts'
import type { Question } from './proofs.ts'
import { useProblemText } from './problem-text.ts'
import { useQuery } from '@tanstack/react-query'
import { useWords } from './words.ts'

export default function Prompts({ question }: { readonly question: Question }) {
  const words = useWords(frameWords)
  return (
    <Modal
      opened
      onClose={() => question.answer(null)}
      title={titleOf(question, words)}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {question.kind === 'elevation' ? (
        <Elevation question={question} />
      ) : (
        <StepUp question={question} />
      )}
    </Modal>
  )
}

function titleOf({ kind, hasAuthenticator }: Question, words: (typeof frameWords)['en']): string {
  if (kind === 'stepUp') return words.stepUpTitle
  return hasAuthenticator ? words.elevationTitle : words.noAuthenticatorTitle
}

function Elevation({ question }: { readonly question: Question }) {
  const words = useWords(frameWords)
  const [code, setCode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    question.answer({ headers: { 'x-admin-mfa-code': code.trim() } })
  }
  if (!question.hasAuthenticator) return <NoAuthenticator question={question} />
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{words.elevationHint}</Text>
        <CodeInput
          value={code}
          onChange={setCode}
          error={question.isRefused ? words.codeRefused : null}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => question.answer(null)}>
            {words.cancel}
          </Button>
          <Button type="submit" disabled={!/^\d{3} ?\d{3}$/.test(code.trim())}>
            {words.proceed}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Nothing that could be typed would do: what is missing has to be set up first. */
function NoAuthenticator({ question }: { readonly question: Question }) {
  const words = useWords(frameWords)
  return (
    <Stack>
      <Text size="sm">{words.noAuthenticator}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => question.answer(null)}>
          {words.cancel}
        </Button>
        <Button component="a" href="/account/security">
          {words.setUpAuthenticator}
        </Button>
      </Group>
    </Stack>
  )
}

type Way = 'password' | 'totp' | 'backup_code' | 'passkey'

function StepUp({ question }: { readonly question: Question }) {
  const words = useWords(frameWords)
  const problemText = useProblemText()
  const methods = useQuery({ ...reading(auth.stepUpMethods), staleTime: 0 }).data?.methods ?? []
  const [chosen, choose] = useState<Way | null>(null)
  const [given, setGiven] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const way = chosen ?? methods[0]
  const labels = {
    password: words.password,
    totp: words.code,
    backup_code: words.backupCode,
    passkey: words.passkey,
  }

  async function prove() {
    if (way === undefined) return
    setIsBusy(true)
    setFailure(null)
    try {
      const body =
        way === 'passkey'
          ? { passkey: await showPasskey(await auth.askOwnPasskey(client)) }
          : { [{ password: 'password', totp: 'code', backup_code: 'backupCode' }[way]]: given }
      await auth.stepUp(client, { body })
      question.answer({})
    } catch (error) {
      setFailure(problemText(error))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void prove()
      }}
    >
      <Stack>
        <Text size="sm">{words.stepUpHint}</Text>
        {failure && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        {way === 'password' && (
          <PasswordInput
            label={words.password}
            autoComplete="current-password"
            data-autofocus
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
        )}
        {way === 'totp' && <CodeInput value={given} onChange={setGiven} />}
        {way === 'backup_code' && (
          <TextInput
            label={words.backupCode}
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
          />
        )}
        <Group justify="space-between">
          <Group gap="xs">
            {methods
              .filter((method) => method !== way)
              .map((method) => (
                <Button
                  key={method}
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    choose(method)
                    setGiven('')
                  }}
                >
                  {labels[method]}
                </Button>
              ))}
          </Group>
          <Button type="submit" loading={isBusy} disabled={way !== 'passkey' && given === ''}>
            {way === 'passkey' ? words.passkey : words.proceed}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Six digits, as phones and password managers know them. */
export function CodeInput({
  value,
  onChange,
  label,
  error,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label?: string
  readonly error?: string | null
}) {
  const words = useWords(frameWords)
  return (
    <TextInput
      label={label ?? words.code}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      data-autofocus
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
