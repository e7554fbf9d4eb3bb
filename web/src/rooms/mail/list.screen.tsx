/** Mails that went out, newest first. */
import * as mail from '@ashlar/sdk/mail'
import { GoButton } from '../../frame/go.tsx'
import { TraceId, UserId, isUuid } from '../../frame/known-ids.tsx'
import { List } from '../../frame/list-screen.tsx'
import { Screen, When } from '../../frame/screen.tsx'
import { useWords } from '../../frame/words.ts'
import { StateOfMail, mailStates } from './mail-state.tsx'
import { useTestMail } from './test-mail.tsx'
import { mailWords } from './words.ts'

export default function MailScreen() {
  const words = useWords(mailWords)
  const test = useTestMail()
  return (
    <Screen
      title={words.mail}
      lead={words.lead}
      actions={
        <>
          <GoButton to="/admin/jobs" search={{ queue: 'mail' }} variant="default">
            {words.waiting}
          </GoButton>
          {test.button}
        </>
      }
    >
      {test.outcome}
      <List
        name="mail"
        operation={mail.list}
        rowId={({ id }) => id}
        to={({ id }) => `/admin/mail/${id}`}
        empty={words.empty}
        filters={[
          {
            name: 'state',
            kind: 'choice',
            label: words.state,
            options: mailStates.map((value) => ({ value, label: words[value] })),
          },
          { name: 'userId', kind: 'text', label: words.userId, isTaken: isUuid, hint: words.anId },
        ]}
        columns={[
          { id: 'to', title: words.to, show: ({ to }) => to ?? words.nobody },
          { id: 'template', title: words.template, show: ({ template }) => template },
          { id: 'subject', title: words.subject, show: ({ subject }) => subject },
          { id: 'state', title: words.state, show: ({ state }) => <StateOfMail is={state} /> },
          { id: 'locale', title: words.locale, show: ({ locale }) => locale, isExtra: true },
          {
            id: 'userId',
            title: words.user,
            show: ({ userId }) => <UserId id={userId} />,
            isExtra: true,
          },
          {
            id: 'requestId',
            title: words.request,
            show: ({ requestId }) => <TraceId id={requestId} />,
            isExtra: true,
          },
          { id: 'at', title: words.at, show: ({ at }) => <When at={at} /> },
        ]}
      />
    </Screen>
  )
}
