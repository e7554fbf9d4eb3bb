/** One mail: what became of it, and what it says where that is kept. */
import * as mail from '@ashlar/sdk/mail'
import { Code, Text } from '@mantine/core'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { useFormat } from '../../frame/format.ts'
import { TraceId, UserId } from '../../frame/known-ids.tsx'
import { Facts, Screen, Section, TabbedParts } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { StateOfMail } from './mail-state.tsx'
import { Preview } from './preview.tsx'
import { mailWords } from './words.ts'

export default function OneMailScreen() {
  const words = useWords(mailWords)
  const format = useFormat()
  const id = usePathId()
  const read = useRead(mail.get, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(found) => (
        <Screen
          title={found.subject ?? found.template ?? words.mail}
          trail={[{ title: words.mail, to: '/admin/mail' }]}
        >
          <Section title={words.delivery}>
            <Facts
              facts={[
                [words.state, <StateOfMail key="" is={found.state} />],
                [words.to, found.to ?? words.nobody],
                [words.user, <UserId key="" id={found.userId} />],
                [words.template, found.template],
                [words.locale, found.locale],
                [words.at, format.time(found.at)],
                [words.answer, found.answer],
                [words.request, <TraceId key="" id={found.requestId} />],
              ]}
            />
          </Section>
          {found.text === null ? (
            <Text c="dimmed">{words.noBody}</Text>
          ) : (
            <TabbedParts
              tabs={[
                { id: 'html', title: words.html, body: <Preview id={id} title={words.html} /> },
                {
                  id: 'text',
                  title: words.text,
                  body: (
                    <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap' }}>
                      {found.text}
                    </Code>
                  ),
                },
              ]}
            />
          )}
        </Screen>
      )}
    </Shown>
  )
}
