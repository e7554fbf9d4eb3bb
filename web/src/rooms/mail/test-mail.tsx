/** A mail to oneself, to see whether mail goes out. */
import * as mail from '@ashlar/sdk/mail'
import { Alert, Code, Text } from '@mantine/core'
import { useState } from 'react'
import { Action } from '../../frame/action.tsx'
import { call, changed } from '../../frame/api.ts'
import { useMay } from '../../frame/session.ts'
import { fill, useWords } from '../../frame/words.ts'
import { mailWords } from './words.ts'

type Sent = Awaited<ReturnType<typeof mail.sendTest>>

export function useTestMail() {
  const words = useWords(mailWords)
  const may = useMay()('mail.send_test')
  const [sent, setSent] = useState<Sent | null>(null)
  const button = may && (
    <Action
      label={words.sendTest}
      consequence={words.sendTestWhat}
      run={async () => {
        setSent(await call(mail.sendTest))
        await changed('admin/mails')
      }}
    />
  )
  return { button, outcome: sent && <Outcome of={sent} /> }
}

function Outcome({ of: { to, driver, isSent, answer } }: { readonly of: Sent }) {
  const words = useWords(mailWords)
  const isKept = isSent && driver === 'capture'
  const said = isKept ? words.testKept : isSent ? words.testTaken : words.testFailed
  return (
    <Alert
      color={isKept ? 'orange' : isSent ? 'teal' : 'red'}
      role="status"
      title={words.testTitle}
    >
      <Text size="sm">{fill(said, { to, driver })}</Text>
      {answer !== null && <Code>{answer}</Code>}
    </Alert>
  )
}
