/** Everything around one id, in the order of time. */
import * as audit from '@ashlar/sdk/audit'
import { Problem } from '@ashlar/sdk'
import { Alert, Text } from '@mantine/core'
import { usePathId } from '../../frame/address.ts'
import { useRead } from '../../frame/api.ts'
import { GoButton } from '../../frame/go.tsx'
import { isUuid } from '../../frame/known-ids.tsx'
import { Screen } from '../../frame/screen.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { TraceForm } from './trace-form.tsx'
import { TraceSteps } from './trace-steps.tsx'
import { auditWords } from './words.ts'

export default function TraceScreen() {
  const words = useWords(auditWords)
  const id = usePathId()
  const read = useRead(audit.trace, { path: { id } })
  const isUnknown = read.error instanceof Problem && read.error.code === 'audit.nothing_found'
  return (
    <Screen title={words.trace} lead={words.traceLead}>
      <TraceForm key={id} id={id} />
      {isUnknown ? (
        <Empty>{words.nothingFound}</Empty>
      ) : (
        <Shown of={read} lines={10}>
          {(trace) => (
            <>
              <Subject kind={trace.kind} id={trace.id} />
              {!trace.isComplete && <Alert color="orange">{words.incomplete}</Alert>}
              <TraceSteps steps={trace.steps} />
            </>
          )}
        </Shown>
      )}
    </Screen>
  )
}

type Kind = Awaited<ReturnType<typeof audit.trace>>['kind']

/** What the id turned out to be, and the way there. */
function Subject({ kind, id }: { readonly kind: Kind; readonly id: string }) {
  const words = useWords(auditWords)
  const said = {
    request: words.isRequest,
    user: words.isUser,
    job: words.isJob,
    entry: words.isEntry,
    payment: words.isPayment,
    event: words.isEvent,
    invitation: words.isInvitation,
    other: words.isOther,
  }
  const ways: Partial<Record<Kind, readonly [to: string, label: string]>> = {
    user: [`/admin/users/${id}`, words.openUser],
    job: [`/admin/jobs/${id}`, words.openJob],
    entry: [`/admin/audit/${id}`, words.openEntry],
    payment: [`/admin/payments/${id}`, words.openPayment],
    invitation: [`/admin/invitations/${id}`, words.openInvitation],
  }
  // A payment may have been asked for by what the provider calls it.
  const way = kind === 'payment' && !isUuid(id) ? undefined : ways[kind]
  return (
    <>
      <Text fw={600}>{said[kind]}</Text>
      {way && (
        <GoButton to={way[0]} variant="default" size="xs" style={{ alignSelf: 'flex-start' }}>
          {way[1]}
        </GoButton>
      )}
    </>
  )
}
