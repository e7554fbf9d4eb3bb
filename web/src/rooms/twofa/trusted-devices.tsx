/** Devices that are not asked for a code. */
import * as twofa from '@ashlar/sdk/twofa'
import { Text } from '@mantine/core'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Items } from '../../frame/items.tsx'
import { Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { twofaWords } from './words.ts'

export function TrustedDevices() {
  const words = useWords(twofaWords)
  const read = useRead(twofa.listTrustedDevices)
  const renewed = () => changed('twofa/trusted-devices')
  return (
    <Section
      title={words.devices}
      actions={
        (read.data?.length ?? 0) > 1 && (
          <Action
            label={words.distrustAll}
            size="xs"
            done={words.distrusted}
            run={async () => {
              await call(twofa.distrustAllDevices)
              await renewed()
            }}
          />
        )
      }
    >
      <Text size="sm" c="dimmed">
        {words.devicesLead}
      </Text>
      <Shown of={read} lines={2}>
        {(devices) => (
          <Items
            of={devices}
            empty={words.noDevices}
            title={({ userAgent }) => userAgent ?? words.unknownDevice}
            details={({ lastUsedAt, expiresAt }) => [
              <>
                {words.lastUsed} <When at={lastUsedAt} />
              </>,
              <>
                {words.until} <When at={expiresAt} />
              </>,
            ]}
            actions={({ id }) => (
              <Action
                label={words.distrust}
                size="xs"
                done={words.distrusted}
                run={async () => {
                  await call(twofa.distrustDevice, { path: { id } })
                  await renewed()
                }}
              />
            )}
          />
        )}
      </Shown>
    </Section>
  )
}
