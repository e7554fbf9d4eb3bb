/** Where mail goes on a development server; nothing on any other. */
import { Anchor, Text } from '@mantine/core'
import { useWords } from '../../frame/words.ts'
import { stepWords } from './step-words.ts'

/** The server says so in the page (server/src/app/web.ts). */
const mailbox = document.querySelector<HTMLMetaElement>('meta[name="mailbox"]')?.content ?? ''

export function MailboxHint() {
  const words = useWords(stepWords)
  if (!mailbox.startsWith('/')) return null
  return (
    <Text size="sm" c="dimmed">
      {words.mailbox}{' '}
      <Anchor href={mailbox} target="_blank" size="sm" underline="always">
        {words.mailboxLink}
      </Anchor>
      .
    </Text>
  )
}
