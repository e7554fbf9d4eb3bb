/** One's API keys. */
import * as auth from '@ashlar/sdk/auth'
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { frameWords } from '../../frame/frame-words.ts'
import { Items } from '../../frame/items.tsx'
import { Screen, Section, State, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { MakeKey } from './api-keys-form.tsx'
import { NewKey } from './api-keys-new.tsx'
import { apiKeysWords } from './api-keys-words.ts'

type Key = Awaited<ReturnType<typeof auth.listApiKeys>>[number]
type Words = ReturnType<typeof useKeysWords>
const useKeysWords = () => useWords(apiKeysWords)

export default function ApiKeysScreen() {
  const words = useKeysWords()
  const { close } = useWords(frameWords)
  const [isMaking, setIsMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  return (
    <Screen
      title={words.keys}
      lead={words.lead}
      actions={<Button onClick={() => setIsMaking(true)}>{words.make}</Button>}
    >
      {made !== null && <NewKey text={made} onSaved={() => setMade(null)} />}
      <Section title={words.keys}>
        <Shown of={useRead(auth.listApiKeys)} lines={5}>
          {(keys) => (
            <Items
              of={keys}
              empty={words.none}
              title={(key) => titleOf(words, key)}
              details={(key) => detailsOf(words, key)}
              actions={({ id }) => <Revoke id={id} />}
            />
          )}
        </Shown>
      </Section>
      <Modal
        opened={isMaking}
        onClose={() => setIsMaking(false)}
        title={words.make}
        closeButtonProps={{ 'aria-label': close }}
      >
        <MakeKey
          onMade={(key) => {
            setIsMaking(false)
            setMade(key)
            return changed('auth/api-keys')
          }}
        />
      </Modal>
    </Screen>
  )
}

const isExpired = ({ expiresAt }: Key) => expiresAt !== null && Date.parse(expiresAt) < Date.now()

const titleOf = (words: Words, key: Key) => (
  <>
    {key.name} <code>{key.hint}…</code>
    {isExpired(key) && <State tone="warn">{words.expired}</State>}
  </>
)

function detailsOf(words: Words, key: Key) {
  const { scopes, requestsPerMinute, createdAt, lastUsedAt, lastUsedIp, expiresAt } = key
  return [
    scopes === null ? words.all : fill(words.may, { scopes: scopes.join(', ') }),
    requestsPerMinute === null ? null : fill(words.limit, { count: requestsPerMinute }),
    <>
      {words.madeAt} <When at={createdAt} />, {words.lastUsed}{' '}
      {lastUsedAt === null ? words.never : <When at={lastUsedAt} />}
      {lastUsedIp !== null && ` ${fill(words.from, { ip: lastUsedIp })}`}
    </>,
    expiresAt === null ? (
      words.noEnd
    ) : (
      <>
        {words.ends} <When at={expiresAt} />
      </>
    ),
  ]
}

function Revoke({ id }: { readonly id: string }) {
  const words = useKeysWords()
  return (
    <Action
      label={words.revoke}
      size="xs"
      isDangerous
      consequence={words.revokeConsequence}
      done={words.revoked}
      run={async () => {
        await call(auth.revokeApiKey, { path: { id } })
        await changed('auth/api-keys')
      }}
    />
  )
}
