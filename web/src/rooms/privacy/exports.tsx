/** Archives of all that is stored about one. */
import * as privacy from '@ashlar/sdk/privacy'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Action } from '../../frame/action.tsx'
import { call, changed, reading } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { Items } from '../../frame/items.tsx'
import { Section, State } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { privacyWords } from './words.ts'

const tones = { pending: 'busy', ready: 'good', failed: 'bad', expired: 'calm' } as const
/** Somebody waits for it: it takes seconds. */
const pendingMs = 2_000

export function Exports() {
  const words = useWords(privacyWords)
  const format = useFormat()
  const read = useQuery({
    ...reading(privacy.listExports),
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ status }) => status === 'pending') ? pendingMs : false,
  })
  return (
    <Section
      title={words.exports}
      actions={
        <Action
          label={words.ask}
          done={words.asked}
          run={async () => {
            await call(privacy.requestExport)
            await changed('users/me/exports')
          }}
        />
      }
    >
      <Text size="sm" c="dimmed" maw="40rem">
        {words.exportsHint}
      </Text>
      <Shown of={read} lines={2}>
        {(exports) => (
          <Items
            of={exports}
            empty={words.none}
            title={({ createdAt, status }) => (
              <>
                {fill(words.archive, { time: format.time(createdAt) })}
                <State tone={tones[status]}>{words[status]}</State>
              </>
            )}
            details={({ sizeBytes, status, expiresAt }) => [
              status === 'ready' && sizeBytes !== null
                ? fill(words.size, {
                    size: format.bytes(sizeBytes),
                    time: format.time(expiresAt),
                  })
                : null,
            ]}
            actions={({ id, status }) =>
              status === 'ready' && (
                <Action label={words.download} size="xs" run={() => download(id)} />
              )
            }
          />
        )}
      </Shown>
    </Section>
  )
}

/** The address is good for minutes and for whoever has it: it is asked for when it is needed, and stands nowhere. */
async function download(id: string): Promise<void> {
  const { url } = await call(privacy.openExport, { path: { id } })
  location.assign(url)
}
