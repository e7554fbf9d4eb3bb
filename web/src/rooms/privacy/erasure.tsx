/** Closing one's account, after which it is erased. */
import * as privacy from '@ashlar/sdk/privacy'
import { Group, List, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Action } from '../../frame/action.tsx'
import { call } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { notify } from '../../frame/notify.ts'
import { Section } from '../../frame/screen.tsx'
import { renewSession, useMe } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { privacyWords } from './words.ts'

export function Erasure() {
  const words = useWords(privacyWords)
  const format = useFormat()
  const navigate = useNavigate()
  const { email } = useMe()
  const consequences = (
    <List size="sm" spacing="xs">
      <List.Item>{words.eraseWhat1}</List.Item>
      <List.Item>{fill(words.eraseWhat2, { email })}</List.Item>
      <List.Item>{words.eraseWhat3}</List.Item>
      <List.Item>{words.eraseWhat4}</List.Item>
    </List>
  )

  async function close() {
    const { erasesAt } = await call(privacy.eraseMe)
    void notify({
      message: fill(words.closed, { time: format.time(erasesAt), email }),
      color: 'teal',
      autoClose: false,
    })
    await navigate({ to: '/sign-in' })
    await renewSession()
  }

  return (
    <Section title={words.erase}>
      <Text size="sm" c="dimmed">
        {words.eraseHint}
      </Text>
      {consequences}
      <Group>
        <Action
          label={words.erase}
          isDangerous
          consequence={consequences}
          typed={{ label: words.typed, text: email }}
          run={close}
        />
      </Group>
    </Section>
  )
}
