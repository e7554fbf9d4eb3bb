/** Above every screen while somebody acts in another's account: who, as whom, until when, and the way out. */
import * as impersonation from '@ashlar/sdk/impersonation'
import { Alert, Group, Text } from '@mantine/core'
import { IconUserShield } from '@tabler/icons-react'
import { Action } from '../frame/action.tsx'
import { call } from '../frame/api.ts'
import { useFormat } from '../frame/format.ts'
import { useSession } from '../frame/session.ts'
import { fill, useWords } from '../frame/words.ts'
import { shellWords } from './shell-words.ts'

export function ActingBanner() {
  const words = useWords(shellWords)
  const format = useFormat()
  const { user, impersonation: acting } = useSession()
  if (!acting || user === null) return null
  const told = fill(words.actingAs, {
    administrator: acting.name ?? acting.by,
    name: user.name ?? user.email,
    time: format.time(acting.expiresAt),
  })
  return (
    <Alert
      color="orange"
      variant="filled"
      role="status"
      mb="md"
      icon={<IconUserShield aria-hidden />}
      title={told}
    >
      <Group justify="space-between">
        <Text size="sm">{fill(words.actingBecause, { reason: acting.reason })}</Text>
        <Action label={words.endActing} size="xs" run={endActing} />
      </Group>
    </Alert>
  )
}

/** What this window has read was somebody else's: the console is opened anew. */
async function endActing(): Promise<void> {
  await call(impersonation.end)
  location.assign('/admin')
}
