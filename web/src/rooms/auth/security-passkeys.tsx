/** One's passkeys. */
import * as auth from '@ashlar/sdk/auth'
import { Button, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { text } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { frameWords } from '../../frame/frame-words.ts'
import { Items } from '../../frame/items.tsx'
import { knowsPasskeys, makePasskey } from '../../frame/passkeys.ts'
import { Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { securityWords } from './security-words.ts'

type Passkey = Awaited<ReturnType<typeof auth.listPasskeys>>[number]
/** What the dialog is about. */
type Named = { readonly kind: 'new' } | { readonly kind: 'old'; readonly passkey: Passkey }

const renewed = () => changed('auth/passkeys', 'auth/step-up')

export function Passkeys() {
  const words = useWords(securityWords)
  const { close } = useWords(frameWords)
  const [named, setNamed] = useState<Named | null>(null)
  const done = async () => {
    setNamed(null)
    await renewed()
  }
  return (
    <Section
      title={words.passkeys}
      actions={
        knowsPasskeys && (
          <Button variant="default" onClick={() => setNamed({ kind: 'new' })}>
            {words.addPasskey}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed" maw="40rem">
        {knowsPasskeys ? words.passkeysHint : words.notHere}
      </Text>
      <Shown of={useRead(auth.listPasskeys)} lines={2}>
        {(passkeys) => (
          <Items
            of={passkeys}
            empty={words.noPasskeys}
            title={({ name }) => name}
            details={detailsIn(words)}
            actions={(passkey) => (
              <>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => setNamed({ kind: 'old', passkey })}
                >
                  {words.rename}
                </Button>
                <Action
                  label={words.remove}
                  size="xs"
                  isDangerous
                  consequence={words.removeConsequence}
                  done={words.removed}
                  run={async () => {
                    await call(auth.removePasskey, { path: { id: passkey.id } })
                    await renewed()
                  }}
                />
              </>
            )}
          />
        )}
      </Shown>
      <Modal
        opened={named !== null}
        onClose={() => setNamed(null)}
        title={named?.kind === 'old' ? words.rename : words.addPasskey}
        closeButtonProps={{ 'aria-label': close }}
      >
        {named?.kind === 'new' && <Add onDone={done} />}
        {named?.kind === 'old' && <Rename passkey={named.passkey} onDone={done} />}
      </Modal>
    </Section>
  )
}

const detailsIn =
  (words: Readonly<Record<'madeAt' | 'lastUsed' | 'never' | 'synced', string>>) =>
  ({ createdAt, lastUsedAt, backedUp }: Passkey) => [
    <>
      {words.madeAt} <When at={createdAt} /> · {words.lastUsed}{' '}
      {lastUsedAt === null ? words.never : <When at={lastUsedAt} />}
    </>,
    backedUp ? words.synced : null,
  ]

function Add({ onDone }: { readonly onDone: () => unknown }) {
  const words = useWords(securityWords)
  return (
    <ApiForm
      fields={{ name: nameField(words.passkeyName, words.passkeyNameHint) }}
      submit={words.addPasskey}
      done={words.added}
      send={async ({ name }) => {
        const passkey = await makePasskey(await call(auth.startPasskey))
        return call(auth.addPasskey, { body: { name, passkey } })
      }}
      onDone={onDone}
    />
  )
}

function Rename({
  passkey: { id, name: current },
  onDone,
}: {
  readonly passkey: Passkey
  readonly onDone: () => unknown
}) {
  const words = useWords(securityWords)
  return (
    <ApiForm
      fields={{ name: nameField(words.passkeyName, words.passkeyNameHint, current) }}
      submit={words.save}
      done={words.renamed}
      send={({ name }) => call(auth.renamePasskey, { path: { id }, body: { name } })}
      onDone={onDone}
    />
  )
}

const nameField = (label: string, hint: string, initial = '') =>
  text({ label, hint, initial, required: true, maxLength: 100, autoComplete: 'off' })
