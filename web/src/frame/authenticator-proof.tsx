/** The secret of a new authenticator, to scan or to type, and the code that proves that the app has it. */
import { Image, Paper, Stack, Text } from '@mantine/core'
import { factorWords } from './factor-words.ts'
import { text } from './fields.tsx'
import { ApiForm } from './form.tsx'
import { Copyable } from './screen.tsx'
import { useWords } from './words.ts'

export function AuthenticatorProof<Proven>({
  made: { secret, qrDataUrl },
  submit,
  send,
  onDone,
}: {
  readonly made: { readonly secret: string; readonly qrDataUrl: string }
  readonly submit: string
  readonly send: (code: string) => Promise<Proven>
  readonly onDone: (proven: Proven) => unknown
}) {
  const words = useWords(factorWords)
  return (
    <Stack>
      <Text fw={500}>{words.scan}</Text>
      {/* Readers want dark on light, whatever the colours around it. */}
      <Paper bg="white" p="xs" w="fit-content" withBorder>
        <Image src={qrDataUrl} alt={words.qr} w={200} h={200} />
      </Paper>
      <Text size="sm">
        {words.type} <Copyable text={secret} shown={inGroups(secret)} />
      </Text>
      <ApiForm
        fields={{
          code: text({
            label: words.code,
            required: true,
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
            maxLength: 7,
          }),
        }}
        isFocused
        submit={submit}
        send={({ code }) => send(code.trim())}
        onDone={onDone}
      />
    </Stack>
  )
}

/** As people read and type it: four at a time. */
const inGroups = (long: string) => long.match(/.{1,4}/g)?.join(' ') ?? long
