/** One difference, and saying that it may be as it is. */
import * as reconciliation from '@ashlar/sdk/reconciliation'
import { usePathId } from '../../frame/address.ts'
import { call, changed, useRead } from '../../frame/api.ts'
import { longText } from '../../frame/fields.tsx'
import { ApiForm } from '../../frame/form.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { Go, GoButton } from '../../frame/go.tsx'
import { Facts } from '../../frame/details.tsx'
import { Amount, Copyable, Screen, Section, When } from '../../frame/screen.tsx'
import { useMay } from '../../frame/session.ts'
import { Shown } from '../../frame/states.tsx'
import { useWords } from '../../frame/words.ts'
import { OurThing } from './our-thing.tsx'
import { useSaid } from './said.ts'
import { type Drift, DriftState, Severity } from './states.tsx'
import { reconciliationWords } from './words.ts'

export default function DriftScreen() {
  const words = useWords(reconciliationWords)
  const may = useMay()
  const id = usePathId()
  const read = useRead(reconciliation.getDrift, { path: { id } })
  return (
    <Shown of={read} lines={12}>
      {(drift) => (
        <Screen
          title={words[`class_${drift.class}`]}
          lead={words[`about_${drift.class}`]}
          trail={[
            { title: words.reconciliation, to: '/admin/reconciliation' },
            { title: words.drifts, to: '/admin/reconciliation/drifts' },
          ]}
          actions={
            <>
              {may('audit.read') && (
                <GoButton to="/admin/audit" search={{ subject: id }} variant="default">
                  {words.audit}
                </GoButton>
              )}
              {may('reconciliation.accept') && ['open', 'suspected'].includes(drift.state) && (
                <AcceptButton of={drift} />
              )}
            </>
          }
        >
          <Section title={words.drift}>
            <Basics of={drift} />
          </Section>
        </Screen>
      )}
    </Shown>
  )
}

function Basics({ of: drift }: { readonly of: Drift }) {
  const words = useWords(reconciliationWords)
  const said = useSaid()
  return (
    <Facts
      facts={[
        [words.state, <DriftState key="" state={drift.state} />],
        [words.severity, <Severity key="" of={drift.severity} />],
        [words.what, <Copyable key="" text={drift.ref} />],
        [words.kind, drift.kind],
        [words.ourThing, drift.ourId && <OurThing key="" of={drift} />],
        [words.expected, said(drift.expected)],
        [words.found, said(drift.found)],
        [
          words.delta,
          drift.delta === null || drift.currency === null ? null : (
            <Amount key="" of={{ amount: drift.delta, currency: drift.currency }} />
          ),
        ],
        [words.note, drift.note],
        [words.firstSeen, <When key="" at={drift.firstSeenAt} />],
        [words.lastSeen, <When key="" at={drift.lastSeenAt} />],
        [
          words.lastRun,
          <Go key="" size="sm" to={`/admin/reconciliation/runs/${drift.lastRunId}`}>
            {drift.lastRunId}
          </Go>,
        ],
        ['Id', <Copyable key="" text={drift.id} />],
      ]}
    />
  )
}

const shortestNote = 10

function AcceptButton({ of: { id } }: { readonly of: Drift }) {
  const words = useWords(reconciliationWords)
  return (
    <FormDialog label={words.accept} consequence={words.acceptConsequence} isDangerous>
      {(close) => (
        <ApiForm
          fields={{
            note: longText({
              label: words.note,
              hint: words.noteHint,
              required: true,
              maxLength: 1000,
              check: (typed) => (typed.trim().length < shortestNote ? words.noteTooShort : null),
            }),
          }}
          submit={words.accept}
          done={words.acceptDone}
          send={({ note }) =>
            call(reconciliation.acceptDrift, { path: { id }, body: { note: note.trim() } })
          }
          onDone={async () => {
            close()
            await changed('reconciliation')
          }}
        />
      )}
    </FormDialog>
  )
}
