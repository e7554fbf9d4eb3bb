/** An authenticator that is on. */
import * as twofa from '@ashlar/sdk/twofa'
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import * as auth from '@ashlar/sdk/auth'
import { call, changed, useRead } from '../../frame/api.ts'
import { secret, text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { frameWords } from '../../frame/frame-words.ts'
import { Facts, Section, State, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { renewSession } from '../../frame/session.ts'
import { TrustedDevices } from './trusted-devices.tsx'
import { twofaWords } from './words.ts'

type Status = Awaited<ReturnType<typeof twofa.status>>
type NewCodes = Awaited<ReturnType<typeof twofa.regenerateBackupCodes>>
const few = 3

export function Enrolled({
  status,
  onCodes,
}: {
  readonly status: Status
  readonly onCodes: (codes: NewCodes) => unknown
}) {
  const words = useWords(twofaWords)
  const { close } = useWords(frameWords)
  const [asked, ask] = useState<'regenerate' | 'disable' | null>(null)
  const { backupCodesLeft } = status
  return (
    <>
      <Section title={words.title}>
        <Facts
          facts={[
            [
              words.title,
              <State tone="good" key="">
                {words.on}
              </State>,
            ],
            [words.since, <When at={status.enabledAt} key="" />],
            [words.codesLeft, String(backupCodesLeft)],
          ]}
        />
        {backupCodesLeft <= few && (
          <Alert color="orange" role="status">
            {fill(words.fewLeft, { count: backupCodesLeft })}
          </Alert>
        )}
        <Group gap="xs">
          <Button variant="default" onClick={() => ask('regenerate')}>
            {words.regenerate}
          </Button>
          <Button variant="light" color="red" onClick={() => ask('disable')}>
            {words.disable}
          </Button>
        </Group>
      </Section>
      <TrustedDevices />
      <Modal
        opened={asked !== null}
        onClose={() => ask(null)}
        title={asked === 'disable' ? words.disable : words.regenerate}
        closeButtonProps={{ 'aria-label': close }}
      >
        {asked === 'regenerate' && <Regenerate onCodes={onCodes} />}
        {asked === 'disable' && <Disable isRequired={status.required} />}
      </Modal>
    </>
  )
}

const codeField = (label: string) =>
  text({ label, required: true, autoComplete: 'one-time-code', maxLength: 40 })

/** Six digits are the authenticator's; whatever else is typed is meant as a backup code. */
const asCode = (given: string) =>
  /^\d{3} ?\d{3}$/.test(given.trim()) ? { code: given.trim() } : { backupCode: given.trim() }

function Regenerate({ onCodes }: { readonly onCodes: (codes: NewCodes) => unknown }) {
  const words = useWords(twofaWords)
  return (
    <Stack>
      <Text size="sm">{words.regenerateConsequence}</Text>
      <ApiForm
        fields={{ code: codeField(words.codeOrBackup) }}
        submit={words.regenerate}
        send={({ code }) => call(twofa.regenerateBackupCodes, { body: asCode(code) })}
        onDone={onCodes}
      />
    </Stack>
  )
}

function Disable({ isRequired }: { readonly isRequired: boolean }) {
  const words = useWords(twofaWords)
  return (
    <Stack>
      <Text size="sm">{words.disableConsequence}</Text>
      {isRequired && <Alert color="orange">{words.requiredNow}</Alert>}
      <Shown of={useRead(auth.stepUpMethods)} lines={2}>
        {({ methods }) => (
          <ApiForm
            fields={{
              code: codeField(words.codeOrBackup),
              ...(methods.includes('password') && {
                password: secret({
                  label: words.password,
                  required: true,
                  autoComplete: 'current-password',
                }),
              }),
            }}
            submit={words.disable}
            done={words.disabled}
            send={({ code, password }: { code: string; password?: string }) =>
              call(twofa.disable, {
                body: { ...asCode(code), ...(password !== undefined && { password }) },
              })
            }
            onDone={async () => {
              await renewSession()
              await changed('twofa')
            }}
          />
        )}
      </Shown>
    </Stack>
  )
}
